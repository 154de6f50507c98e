import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { judge } from '../../../src/races/outcomes/judge.ts';
import { learn } from '../../../src/races/outcomes/learn.ts';
import { type Scene, sceneOf } from '../../../src/races/outcomes/scene.ts';
import { perProcess, SerialSet } from '../../../src/races/outcomes/serial-set.ts';
import type { Answer, Outcome } from '../../../src/races/types.ts';
import { copiesScene, html, json, outcome, runsOf, sent } from './support.ts';

const APPLY = copiesScene('POST /apply', 2, 'GET /balance');
const USED = json(401, { error: 'used' });
const DONE = json(200, { ok: true });
const balance = (value: number): Answer => json(200, { balance: value });
const ONCE = outcome([DONE, USED], [balance(1)]);

function setOf(scene: Scene, outcomes: readonly Outcome[]): SerialSet {
  const runs = runsOf(outcomes.flatMap((one) => [one, one]));
  // Each outcome is of an order of its own.
  const apart = runs.map((run, index) => ({ ...run, order: rotated(run.order, Math.floor(index / 2)) }));
  const { masks } = learn(scene, apart);
  return new SerialSet(scene, masks, apart);
}

function rotated(order: readonly number[], by: number): number[] {
  return order.map((_, index) => order[(index + by) % order.length]!);
}

const PAIR: Scene = {
  group: [sent('POST /a'), sent('POST /b')],
  groupKeys: [0, 1],
  probes: [sent('GET /state')],
  nowMs: 0,
};

describe('the serial outcomes', () => {
  it('contain an outcome whichever of the copies gave which answer', () => {
    const set = setOf(APPLY, [ONCE]);
    assert.ok(set.contains(outcome([USED, DONE], [balance(1)])));
    assert.ok(!set.contains(outcome([DONE, DONE], [balance(2)])));
    assert.ok(!set.contains(outcome([DONE, USED], [balance(2)])));
    assert.ok(!setOf(PAIR, [ONCE]).contains(outcome([USED, DONE], [balance(1)])));
  });

  it('tell in what another outcome differs', () => {
    const set = setOf(APPLY, [ONCE]);
    const { serial, differences } = set.nearest(outcome([DONE, DONE], [balance(2)]));
    assert.deepEqual(serial.outcome, ONCE);
    assert.equal(differences.length, 4);
    assert.deepEqual(set.difference(ONCE, outcome([DONE, DONE], [balance(2)])), [
      'POST /apply (2nd): 401 → 200',
      'POST /apply (2nd): $.error "used" → missing',
      'POST /apply (2nd): $.ok missing → true',
      'GET /balance: $.balance 1 → 2',
    ]);
  });

  it('match the copies that are most alike', () => {
    const set = setOf(APPLY, [ONCE]);
    assert.deepEqual(set.difference(ONCE, outcome([USED, DONE], [balance(3)])), [
      'GET /balance: $.balance 1 → 3',
    ]);
  });

  it('have a nearest one, with the fewest differences', () => {
    const [first, second] = [
      outcome([DONE, DONE], [json(200, { n: 1, last: 'b' })]),
      outcome([DONE, DONE], [json(200, { n: 5, last: 'a' })]),
    ];
    const set = setOf(PAIR, [first, second]);
    const { serial } = set.nearest(outcome([DONE, DONE], [json(200, { n: 6, last: 'a' })]));
    assert.deepEqual(serial.outcome, second);
  });

  it('tell differences of texts, lists, redirects, cookies and failures', () => {
    const set = setOf(PAIR, [ONCE]);
    const seen = (from: Answer, to: Answer): string[] =>
      set.difference(outcome([DONE, DONE], [from]), outcome([DONE, DONE], [to]));
    assert.deepEqual(seen(html('<p>3 left</p>'), html('<p>2 left</p>')), [
      'GET /state: text "3 left" → "2 left"',
    ]);
    assert.deepEqual(seen(json(200, [1]), json(200, [1, 1])), ['GET /state: $ 1 element → 2 elements']);
    assert.deepEqual(seen(json(200, {}, [['location', '/a']]), json(200, {})), [
      'GET /state: Location /a → none',
    ]);
    assert.deepEqual(seen(json(200, {}, [['set-cookie', 'a=1']]), json(200, {})), [
      'GET /state: cookies a → none',
    ]);
    assert.deepEqual(seen(json(200, {}), { ...json(200, {}), failure: 'timeout' }), [
      'GET /state: 200 → no answer in time',
    ]);
    assert.deepEqual(set.difference(ONCE, { ...ONCE, death: 'exit code 1' }), ['worker: lives on → died']);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`m${index}`, index]));
    assert.equal(seen(json(200, {}), json(200, many)).at(-1), 'GET /state: 5 more differences');
  });

  it('contain themselves, and any exchange of copies', () => {
    const answer = fc
      .tuple(fc.constantFrom(200, 201, 409), fc.jsonValue())
      .map(([status, body]) => json(status, body));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), answer), { minLength: 1, maxLength: 7 }),
        answer,
        fc.nat(),
        (members, probe, turn) => {
          const scene: Scene = {
            group: members.map(([key]) => sent(`POST /${key}`)),
            groupKeys: members.map(([key]) => key),
            probes: [sent('GET /')],
            nowMs: 0,
          };
          const answers = members.map(([, one]) => one);
          const made = outcome(answers, [probe]);
          const set = new SerialSet(scene, learn(scene, runsOf([made, made])).masks, runsOf([made]));
          assert.deepEqual(
            judge(made, set, () => undefined),
            { verdict: 'serial' },
          );
          const exchanged = [...answers];
          for (const key of [0, 1, 2]) {
            const places = members.flatMap(([other], index) => (other === key ? [index] : []));
            for (const [at, place] of places.entries())
              exchanged[place] = answers[places[(at + turn) % places.length]!]!;
          }
          assert.ok(set.contains(outcome(exchanged, [probe])));
          assert.deepEqual(set.nearest(outcome(exchanged, [probe])).differences, []);
          const grown = set.difference(
            made,
            outcome(answers, [json(200, [answers.length, 'grown', probe.body])]),
          );
          assert.ok(grown.length > 0);
        },
      ),
    );
  });
});

describe('an outcome is judged', () => {
  const turnedAway = json(409, { error: 'busy' });
  const busy = outcome([DONE, turnedAway], [balance(1)]);
  const both = setOf(APPLY, [outcome([DONE, DONE], [balance(2)])]);
  const alone = setOf(sceneOf(APPLY, [0]), [outcome([DONE], [balance(1)])]);

  it('as busy if the rest is serial without it', () => {
    assert.deepEqual(
      judge(busy, both, () => undefined),
      { verdict: 'ask', subgroup: [0] },
    );
    assert.deepEqual(
      judge(busy, both, () => alone),
      { verdict: 'busy', without: [1], declared: false },
    );
  });

  it('as a violation if it was turned away and had its effect', () => {
    const charged = outcome([DONE, turnedAway], [balance(2)]);
    assert.deepEqual(
      judge(charged, both, () => alone),
      { verdict: 'violation' },
    );
  });

  it('as serial if a serial order answers so as well', () => {
    const conflict = outcome([DONE, turnedAway], [balance(1)]);
    assert.deepEqual(
      judge(conflict, setOf(APPLY, [conflict]), () => undefined),
      { verdict: 'serial' },
    );
  });

  it('with 503 only if it says when to come back, and with what the scenario says', () => {
    const answered = (answer: Answer): Outcome => outcome([DONE, answer], [balance(1)]);
    const retry = json(503, {}, [['Retry-After', '1']]);
    assert.equal(judge(answered(retry), both, () => alone).verdict, 'busy');
    assert.equal(judge(answered(json(503, {})), both, () => alone).verdict, 'violation');
    const declared = { ...APPLY, group: APPLY.group.map((one) => ({ ...one, busy: [503] })) };
    const set = setOf(declared, [outcome([DONE, DONE], [balance(2)])]);
    assert.deepEqual(
      judge(answered(json(503, {})), set, () => alone),
      {
        verdict: 'busy',
        without: [1],
        declared: true,
      },
    );
  });

  it('by each choice of those that were turned away', () => {
    const three = copiesScene('POST /apply', 3, 'GET /balance');
    const set = setOf(three, [outcome([DONE, turnedAway, turnedAway], [balance(1)])]);
    const two = setOf(sceneOf(three, [0, 1]), [outcome([DONE, turnedAway], [balance(1)])]);
    const none = setOf(sceneOf(three, []), [outcome([], [balance(0)])]);
    const seen = outcome([turnedAway, turnedAway, turnedAway], [balance(0)]);
    const known = (subgroup: readonly number[]): SerialSet | undefined =>
      subgroup.length === 2 ? two : subgroup.length === 0 ? none : undefined;
    assert.equal(judge(seen, set, known).verdict, 'busy');
  });
});

describe('state per process', () => {
  it('is told where serial orders differ between one worker and several', () => {
    const [one, many] = [setOf(APPLY, [ONCE]), setOf(APPLY, [outcome([DONE, DONE], [balance(0)])])];
    assert.equal(perProcess(one, one), undefined);
    assert.match(perProcess(one, many)!.sentence, /several workers \(POST \/apply \(2nd\): 401 → 200\)\.$/);
  });
});
