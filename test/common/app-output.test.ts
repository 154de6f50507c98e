import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppOutput, type OutputLine } from '../../src/common/app-output.ts';

function collect(): { output: AppOutput; lines: string[] } {
  const lines: string[] = [];
  const show = ({ source, text, worker, request }: OutputLine): void => {
    lines.push(`${source} ${worker} ${request ?? '-'}: ${text}`);
  };
  return { output: new AppOutput(show), lines };
}

const piece = (text: string, worker = 1, request?: number, source: 'stdout' | 'stderr' = 'stdout') => ({
  type: 'log' as const,
  level: 'info' as const,
  source,
  text,
  worker,
  ...(request === undefined ? {} : { request }),
});

describe("the app's output", () => {
  it('is shown line by line', () => {
    const { output, lines } = collect();
    output.add(piece('a\nb\r\n\nc\n'));
    assert.deepEqual(lines, ['stdout 1 -: a', 'stdout 1 -: b', 'stdout 1 -: ', 'stdout 1 -: c']);
  });

  it('in pieces of a line is shown as one line', () => {
    const { output, lines } = collect();
    output.add(piece('a'));
    output.add(piece('b'));
    assert.deepEqual(lines, []);
    output.add(piece('c\n'));
    assert.deepEqual(lines, ['stdout 1 -: abc']);
  });

  it('of several workers, requests and streams is not mixed within a line', () => {
    const { output, lines } = collect();
    output.add(piece('one ', 1));
    output.add(piece('two ', 2));
    output.add(piece('three ', 1, 7));
    output.add(piece('four ', 1, undefined, 'stderr'));
    for (const [worker, request, source] of [
      [2, undefined, 'stdout'],
      [1, undefined, 'stderr'],
      [1, 7, 'stdout'],
      [1, undefined, 'stdout'],
    ] as const) {
      output.add(piece('end\n', worker, request, source));
    }
    assert.deepEqual(lines, [
      'stdout 2 -: two end',
      'stderr 1 -: four end',
      'stdout 1 7: three end',
      'stdout 1 -: one end',
    ]);
  });

  it('without a line break is shown after a pause', { timeout: 10_000 }, async () => {
    // The timer of the output does not keep the process alive, so another one has to.
    const alive = setInterval(() => {}, 60_000);
    const { text } = await new Promise<OutputLine>((resolve) => {
      new AppOutput(resolve).add(piece('Name? '));
    });
    clearInterval(alive);
    assert.equal(text, 'Name? ');
  });

  it('is shown completely when the server stops', () => {
    const { output, lines } = collect();
    output.add(piece('tail'));
    output.flush();
    output.flush();
    assert.deepEqual(lines, ['stdout 1 -: tail']);
  });

  it('without any line break does not fill the memory', () => {
    const { output, lines } = collect();
    for (let count = 0; count < 100; count++) output.add(piece('x'.repeat(10_000)));
    assert.ok(lines.length >= 10, `${lines.length} lines`);
  });
});
