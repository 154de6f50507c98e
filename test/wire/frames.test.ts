import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { CLAIM_SLOTS, claim, createClaims, revoke } from '../../src/wire/claims.ts';
import { FrameReader, feedFrom } from '../../src/wire/frame-reader.ts';
import { FrameWriter } from '../../src/wire/frame-writer.ts';
import { FROM_WORKER, Frame, FrameError, type FromWorker } from '../../src/wire/frames.ts';
import { readFromWorker } from '../../src/wire/from-worker.ts';

function written(write: (writer: FrameWriter) => void): Buffer {
  const parts: Buffer[] = [];
  const writer = new FrameWriter((bytes) => parts.push(bytes));
  write(writer);
  writer.flush();
  return Buffer.concat(parts);
}

function read(chunks: Buffer[]): string[] {
  const frames: string[] = [];
  const reader = new FrameReader((type, stream, bytes, start, end) => {
    frames.push(`${type} ${stream} ${bytes.toString('hex', start, end)}`);
  });
  for (const chunk of chunks) reader.feed(chunk);
  return frames;
}

describe('frames', () => {
  const bytes = written((writer) => {
    writer.small(Frame.PING, 0);
    writer.small(Frame.CREDIT, 7, 65536);
    writer.bytes(Frame.DATA, 0xffff_ffff, Buffer.from('abc'));
    writer.text(9, 'äé', 'utf8', 4);
    writer.head(3, 11, 5, Buffer.from('GET'), 0, 3);
    writer.started(3, 5, 1234);
  });

  it('arrive unchanged, however the bytes are cut', () => {
    const whole = read([bytes]);
    assert.equal(whole.length, 6);
    assert.equal(whole[2], `${Frame.DATA} 4294967295 616263`);
    for (let at = 1; at < bytes.length; at++) {
      assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`);
    }
    assert.deepEqual(read([...bytes].map((byte) => Buffer.from([byte]))), whole);
  });

  it('keep their order when a large one bypasses the buffer', () => {
    const large = Buffer.alloc(60_000, 1);
    const out = written((writer) => {
      writer.small(Frame.PING, 1);
      writer.bytes(Frame.DATA, 2, large);
      writer.small(Frame.PONG, 3);
    });
    assert.deepEqual(
      read([out]).map((frame) => frame.split(' ')[1]),
      ['1', '2', '3'],
    );
  });
});

describe('a claim', () => {
  it('fails once the request was revoked, and the slot serves the next one', () => {
    const words = createClaims();
    assert.ok(revoke(words, 3, 10));
    assert.equal(claim(words, 3, 10), false);
    assert.ok(claim(words, 3, 11));
    assert.equal(revoke(words, 3, 11), false);
    assert.ok(claim(words, 3, 12));
  });

  it('or its revocation wins, never both and never neither, while two threads race for it', async () => {
    const words = createClaims();
    const rounds = CLAIM_SLOTS;
    const gate = new Int32Array(new SharedArrayBuffer(8 + rounds * 4));
    const code = `
      const { words, gate, rounds } = require('node:worker_threads').workerData;
      Atomics.store(gate, 0, 1);
      while (Atomics.load(gate, 1) === 0);
      for (let at = 0; at < rounds; at++) gate[2 + at] = Atomics.exchange(words, at, at + 1) === -(at + 1) ? 0 : 1;`;
    const worker = new Worker(code, { eval: true, workerData: { words, gate, rounds } });
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    while (Atomics.load(gate, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
    Atomics.store(gate, 1, 1);
    const revoked = Array.from({ length: rounds }, (_, at) => revoke(words, at, at + 1));
    await ended;
    for (let at = 0; at < rounds; at++) assert.equal(gate[2 + at] === 1, !revoked[at], `request ${at + 1}`);
  });
});

describe('an invalid frame of a worker', () => {
  const good = written((writer) => {
    writer.small(Frame.PONG, 0);
    writer.small(Frame.CREDIT, 1, 65_536);
    writer.started(3, 5, 1234);
    writer.bytes(Frame.DATA, 2, Buffer.from('HTTP/1.1 200 OK'));
  });

  it('is refused at its header, before the reader waits for its bytes', () => {
    for (const text of ['hello', 'console.log says so\n', '{"level":30,"msg":"started"}\n']) {
      const reader = new FrameReader(() => {}, FROM_WORKER);
      assert.throws(() => reader.feed(Buffer.concat([Buffer.from(text), good])), FrameError, text);
    }
  });

  it('never crashes the reader, even among good frames', () => {
    const stray = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(stray, fc.nat(good.length), (bytes, at) => {
        const reader = new FrameReader((type, _stream, frame, start, end) => {
          if (type === Frame.CONTROL) readFromWorker(frame.toString('utf8', start, end));
        }, FROM_WORKER);
        const all = Buffer.concat([good.subarray(0, at), bytes, good.subarray(at)]);
        try {
          reader.feed(all);
        } catch (error) {
          assert.ok(error instanceof FrameError, String(error));
        }
      }),
    );
  });

  it('ends the reading of its source, and is reported once', () => {
    const source = new PassThrough();
    const reasons: string[] = [];
    feedFrom(source, new FrameReader(() => {}, FROM_WORKER), (reason) => reasons.push(reason));
    source.emit('data', Buffer.from('this is no frame'));
    source.emit('data', Buffer.from('nor is this'));
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? '', /frame of type/);
  });
});

describe('a message of a worker', () => {
  const GOOD: FromWorker[] = [
    { type: 'listen', index: 0, asked: { port: 3000 }, raw: false, tls: false },
    { type: 'loaded', files: ['/app/server.js'], stamps: ['1.5'] },
    { type: 'exception', message: 'no', stack: 'Error: no', location: { file: '/app/a.js', line: 1 } },
    { type: 'diagnostics', diagnostics: [{ level: 'error', text: 'no database' }] },
  ];
  for (const message of GOOD) {
    it(`"${message.type}" is read unchanged, and refused if a field is missing or wrong`, () => {
      assert.deepEqual(readFromWorker(JSON.stringify(message)), message);
      for (const field of Object.keys(message).filter((name) => !['location'].includes(name))) {
        for (const wrong of [undefined, null, 7.5]) {
          const bad = JSON.stringify({ ...message, [field]: wrong });
          assert.throws(() => readFromWorker(bad), FrameError, bad);
        }
      }
    });
  }

  it('is an object with a known type', () => {
    for (const bad of ['', 'null', '[]', '7', '{}', '{"type":"toString"}', '{"type":["log"]}', '{"type":']) {
      assert.throws(() => readFromWorker(bad), FrameError, bad);
    }
  });
});
