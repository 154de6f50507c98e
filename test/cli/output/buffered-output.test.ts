import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BATCH_MS, BufferedOutput } from '../../../src/cli/output/buffered-output.ts';

/** A stream whose reader takes data only on command. */
class Reader extends Writable {
  taken = '';
  writes = 0;
  #next: (() => void) | undefined;
  #reading: boolean;

  constructor(reading = true) {
    super({ decodeStrings: false, highWaterMark: 16 });
    this.#reading = reading;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.taken += chunk;
    this.writes += 1;
    if (this.#reading) done();
    else this.#next = done;
  }

  read(): void {
    this.#reading = true;
    this.#next?.();
  }
}

function create(
  stdout: Reader,
  stderr = new Reader(),
): { output: BufferedOutput; disconnected: () => number } {
  let disconnected = 0;
  const output = new BufferedOutput({
    streams: { stdout, stderr },
    dropped: (count) => `[${count} dropped]`,
    disconnected: () => {
      disconnected += 1;
    },
  });
  return { output, disconnected: () => disconnected };
}

describe('output', () => {
  it('of one turn of the event loop is one write', async () => {
    const stdout = new Reader();
    const { output } = create(stdout);
    for (let count = 0; count < 1000; count++) output.write('x');
    await output.close();
    assert.equal(stdout.taken.length, 1000);
    // The last write is empty; its callback means that everything before was taken.
    assert.ok(stdout.writes <= 2, `${stdout.writes} writes`);
  });

  it('of access lines over many turns is few writes, and none is lost', async () => {
    const stdout = new Reader();
    const { output } = create(stdout);
    const start = performance.now();
    for (let count = 0; count < 1000; count++) {
      output.write('x', 'stdout', true);
      await nextTurn();
    }
    // Twice the expected number, because timers round.
    const most = 2 + (2 * (performance.now() - start)) / BATCH_MS;
    assert.ok(stdout.writes <= most, `${stdout.writes} writes, expected ${most} at most`);
    await output.close();
    assert.equal(stdout.taken.length, 1000);
  });

  it('is written at the end of the turn if it is important, or after a pause', async () => {
    const stdout = new Reader();
    const { output } = create(stdout);
    output.write('first ', 'stdout', true);
    await nextTurn();
    assert.equal(stdout.taken, 'first ');
    output.write('second ', 'stdout', true);
    output.write('important');
    await nextTurn();
    assert.equal(stdout.taken, 'first second important');
  });

  it('keeps its order within a stream', async () => {
    const [stdout, stderr] = [new Reader(), new Reader()];
    const { output } = create(stdout, stderr);
    output.write('a');
    output.write('b', 'stderr');
    output.write('c');
    await output.close();
    assert.deepEqual([stdout.taken, stderr.taken], ['ac', 'b']);
  });

  it('is bounded if it has no reader: access lines are dropped, and a notice counts them later', async () => {
    const stdout = new Reader(false);
    const { output } = create(stdout);
    const line = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 40; count++) {
      output.write(line, 'stdout', true);
      output.flush();
    }
    output.write('important');
    output.flush();
    assert.ok(stdout.writableLength < 20 * 1024 * 1024, `${stdout.writableLength} waiting`);
    stdout.read();
    await new Promise<void>((resolve) => stdout.write('', () => resolve()));
    output.write('after');
    await output.close();
    const [, count] = /\[(\d+) dropped\]after$/.exec(stdout.taken) ?? [];
    assert.ok(Number(count) > 20 && Number(count) < 30, `${count} dropped`);
    assert.ok(stdout.taken.includes('important'));
  });

  it('stops, and reports once, when the reader has closed', async () => {
    const stdout = new Reader();
    const { output, disconnected } = create(stdout);
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await new Promise((resolve) => stdout.once('close', resolve));
    output.write('x');
    await output.close();
    assert.equal(disconnected(), 1);
    assert.equal(stdout.taken, '');
  });

  it('delays a close by a limited time', async () => {
    const { output } = create(new Reader(false));
    output.write('x');
    await output.close();
  });
});
