import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { ask } from '../../../src/cli/races/consent.ts';
import { Sink } from './sink.ts';

const TOUCHED = [{ what: 'database', name: 'postgres at 127.0.0.1:5432' }] as const;

function start(): { input: PassThrough; output: Sink; stop: AbortController; answer: Promise<boolean> } {
  const [input, output, stop] = [new PassThrough(), new Sink(80), new AbortController()];
  return { input, output, stop, answer: ask(TOUCHED, { input, output, signal: stop.signal }) };
}

describe('the question whether trials may write', () => {
  for (const [typed, agrees] of [
    ['y', true],
    ['Yes', true],
    [' y ', true],
    ['', false],
    ['n', false],
    ['yesterday', false],
  ] as const) {
    it(`takes ${JSON.stringify(typed)} as ${agrees ? 'a yes' : 'a no'}`, async () => {
      const { input, output, answer } = start();
      input.write(`${typed}\n`);
      assert.equal(await answer, agrees);
      assert.match(output.text, /postgres at 127\.0\.0\.1:5432\n.*\[y\/N\] $/);
    });
  }

  it('takes the end of the input as a no', async () => {
    const { input, answer } = start();
    input.end();
    assert.equal(await answer, false);
  });

  it('ends with Ctrl-C, and is not asked after it', async () => {
    const { stop, answer, output } = start();
    stop.abort();
    assert.equal(await answer, false);
    const before = output.text;
    assert.equal(await ask(TOUCHED, { input: new PassThrough(), output, signal: stop.signal }), false);
    assert.equal(output.text, before);
  });
});
