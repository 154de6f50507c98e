import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isQuick, median, page, verdictOf } from '../../../scripts/projects/page.ts';
import type { Project } from '../../../scripts/projects/project.ts';
import type { Compared, Result } from '../../../scripts/projects/result.ts';

const PROJECT: Project = {
  kind: 'served',
  name: 'hello',
  title: 'Hello',
  group: 'Examples',
  get: [],
  versions: ['express'],
  bare: 'node index.js',
  requests: [{ path: '/' }, { method: 'POST', path: '/' }],
  change: { file: 'index.js', from: 'a', to: 'b', path: '/' },
};

const way = (change: Partial<Compared> = {}): Compared => ({
  firstMs: [300, 310, 320, 330, 340],
  memory: 60 * 2 ** 20,
  stopMs: 40,
  left: [],
  requests: 2,
  different: [],
  changeMs: 190,
  ...change,
});

const result = (change: Partial<Compared> = {}): Result => ({
  name: 'hello',
  key: '1',
  date: '2026-01-31',
  build: 'abc',
  versions: { express: '5.0.0' },
  load: 0.5,
  bare: { firstMs: [100, 110, 120, 130, 900], memory: 30 * 2 ** 20, stopMs: 3, left: [] },
  modes: { thread: way(), fork: way(change) },
});

describe('the verdict', () => {
  it('is right if all is the same and nothing is left', () => {
    assert.deepEqual(verdictOf(PROJECT, result()), { verdict: 'right', why: [] });
  });

  it('is wrong for a different answer, an unseen change, a WebSocket, and something left', () => {
    const wrong = result({
      different: ['GET /: status 500'],
      changeFailed: 'not seen',
      talk: 'closed',
      left: ['its port'],
    });
    assert.deepEqual(verdictOf(PROJECT, wrong), {
      verdict: 'wrong',
      why: [
        'fork: GET /: status 500',
        'fork: change: not seen',
        'fork: closed',
        'fork: left after the stop: its port',
      ],
    });
  });

  it('is not done if there is no result, and if it could not be installed', () => {
    assert.equal(verdictOf(PROJECT, undefined).verdict, 'not done');
    const notDone = { ...result(), notDone: 'not installed: no such package' };
    assert.deepEqual(verdictOf(PROJECT, notDone), {
      verdict: 'not done',
      why: ['not installed: no such package'],
    });
  });
});

describe('the first answer', () => {
  it('is quick within 300 ms of the bare command, or 1.25 times it', () => {
    assert.equal(isQuick([100], [400]), true);
    assert.equal(isQuick([100], [401]), false);
    assert.equal(isQuick([2000], [2500]), true);
    assert.equal(isQuick([2000], [2501]), false);
    assert.equal(isQuick([], [400]), undefined);
  });

  it('is the median, which one slow start does not change', () => {
    assert.equal(median([110, 900, 100, 130, 120]), 120);
  });
});

describe('the page', () => {
  it('has a row with the figures of both modes', () => {
    const text = page([PROJECT], new Map([['hello', result({ changeMs: 240 })]]));
    assert.match(text, /1 projects: 1 right, 0 rightly not run, 0 wrong, 0 not done/);
    const row =
      '| Hello<br>express 5.0.0 | nothing<br>bare: `node index.js` | 2 of 2 same, 1 P | 0.19 s / 0.24 s | – ';
    assert.ok(text.includes(row), text);
    assert.ok(
      text.includes('| 0.12 s → 0.32 s / 0.32 s | 30 → 60 / 60 MB | 0.04 s / 0.04 s | right |'),
      text,
    );
  });

  it('counts no time that was taken beside other work', () => {
    const slow = { ...result(), bare: { ...result().bare!, firstMs: [10] } };
    const both = [
      { ...slow, load: 1 },
      { ...slow, load: 5 },
    ];
    const [quiet, busy] = both.map((one) => page([PROJECT], new Map([['hello', one]])));
    assert.match(quiet!, /within the target: 0 of 2 ways\.\n/);
    assert.ok(quiet!.includes('0.01 s → 0.32 s ✗ / 0.32 s ✗ |'), quiet);
    assert.match(busy!, /within the target: 0 of 0 ways\. 2 more were timed beside other work/);
    assert.ok(busy!.includes('0.01 s → 0.32 s / 0.32 s (load 5) |'), busy);
  });

  it('lists why a project is wrong, in one line', () => {
    const text = page([PROJECT], new Map([['hello', result({ different: ['GET /:\n  status 500'] })]]));
    assert.match(text, /\*\*Hello\*\*: fork: GET \/: status 500$/m);
  });
});
