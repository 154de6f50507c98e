import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Row, rowsOf as rowsFor } from '../../../src/races/report/rows.ts';
import type { Answer, Boundary, Step } from '../../../src/races/types.ts';
import { answer, finding } from './sample.ts';

const OK = [answer(0, 200, 'a'), answer(0, 200, 'b')];

function rowsOf(steps: readonly Step[], answers: readonly Answer[]): Row[] {
  return rowsFor(steps, (request) => answers[request]);
}

function at(line: number, label = `line ${line}`): Boundary {
  return { kind: 'await', fn: 'f', file: 'a.js', occurrence: line, line, label, atMs: line };
}

function passes(request: number, lines: readonly number[]): Step[] {
  return lines.map((line) => ({ request, what: 'boundary', boundary: at(line) }));
}

/** A row in a few characters. */
function short(row: Row): string {
  switch (row.type) {
    case 'starts':
      return `start ${row.requests}`;
    case 'switch':
      return `switch ${row.from}>${row.to}`;
    case 'more':
      return `r${row.request} +${row.count}`;
    case 'step':
      return `r${row.request} ${row.where}${row.where === '' ? '' : ' '}${row.what}`;
  }
}

describe('the rows of a card', () => {
  it('are starts, boundaries, pauses and answers, with a switch wherever control moves', () => {
    const { steps, observed } = finding();
    assert.deepEqual(rowsOf(steps, observed.answers).map(short), [
      'start 0',
      'r0 redeem.js:12 SELECT used FROM coupons WHERE code = ?',
      'r0 held here',
      'switch 0>1',
      'start 1',
      'r1 redeem.js:12 SELECT used FROM coupons WHERE code = ?',
      'r1 redeem.js:18 UPDATE coupons SET used = used + 1',
      'r1 is answered: 200 {"applied":true}',
      'switch 1>0',
      'r0 goes on',
      'r0 redeem.js:18 UPDATE coupons SET used = used + 1',
      'r0 is answered: 200 {"applied":true}',
    ]);
  });

  it('name the boundary of a pause, also if it was not passed as one before', () => {
    const rows = rowsOf([{ request: 0, what: 'held', boundary: at(3) }], OK).map(short);
    assert.deepEqual(rows, ['r0 a.js:3 line 3', 'r0 held here']);
  });

  it('have no switch between requests that start together', () => {
    const steps: Step[] = [
      { request: 0, what: 'start' },
      { request: 1, what: 'start' },
      ...passes(0, [1]),
      ...passes(1, [1]),
    ];
    assert.deepEqual(rowsOf(steps, OK).map(short), [
      'start 0,1',
      'r0 a.js:1 line 1',
      'switch 0>1',
      'r1 a.js:1 line 1',
    ]);
  });

  it('leave out the middle of a long way, but never what is beside a pause', () => {
    const steps: Step[] = [
      ...passes(0, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      { request: 0, what: 'held', boundary: at(9) },
    ];
    assert.deepEqual(rowsOf(steps, OK).map(short), [
      'r0 a.js:1 line 1',
      'r0 a.js:2 line 2',
      'r0 +4',
      'r0 a.js:7 line 7',
      'r0 a.js:8 line 8',
      'r0 a.js:9 line 9',
      'r0 held here',
    ]);
  });

  it('are few, however often control moves', () => {
    const steps = Array.from({ length: 200 }, (_, index) => passes(index % 2, [index])).flat();
    const rows = rowsOf(steps, OK);
    assert.equal(rows.length, 49);
    assert.equal(short(rows.at(-1)!), 'r1 a.js:199 line 199');
  });

  it('say why there is no answer', () => {
    const ends = (['died', 'timeout', 'cut'] as const).map((failure) => {
      const [row] = rowsOf([{ request: 0, what: 'answered' }], [{ ...answer(0, 0, ''), failure }]);
      return short(row!);
    });
    assert.deepEqual(ends, [
      'r0 gets no answer: its worker exits',
      'r0 gets no answer in time',
      'r0 gets a part of its answer: the connection ends',
    ]);
  });

  it('say what a boundary without a label is, and where, as far as that is known', () => {
    const body: Boundary = { ...at(0, ''), kind: 'body', file: '' };
    const rows = rowsOf(
      [
        { request: 0, what: 'boundary', boundary: body },
        { request: 0, what: 'boundary', boundary: at(0) },
      ],
      OK,
    );
    assert.deepEqual(rows.map(short), ["r0 the request's body", 'r0 a.js line 0']);
  });

  it('escape what a terminal would interpret', () => {
    const rows = rowsOf(
      [
        { request: 0, what: 'boundary', boundary: { ...at(1, '\u001b[2Jx'), file: 'a\u001b.js' } },
        { request: 0, what: 'answered' },
      ],
      [answer(0, 200, '\u001b]0;evil\u0007\n\u009b2J')],
    );
    assert.deepEqual(rows.map(short), [
      'r0 a\\x1b.js:1 \\x1b[2Jx',
      'r0 is answered: 200 \\x1b]0;evil\\x07 \\x9b2J',
    ]);
  });
});
