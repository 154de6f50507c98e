import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Classified, type ClassifyOptions, classify } from '../../../src/races/outcomes/classify.ts';
import { learn } from '../../../src/races/outcomes/learn.ts';
import { type Scene, sceneOf } from '../../../src/races/outcomes/scene.ts';
import { busySentence } from '../../../src/races/outcomes/sentence.ts';
import { SerialSet } from '../../../src/races/outcomes/serial-set.ts';
import type { Answer, Outcome } from '../../../src/races/types.ts';
import { copiesScene, html, json, outcome, sent } from './support.ts';

function setOf(
  scene: Scene,
  ...orders: ReadonlyArray<readonly [order: readonly number[], outcome: Outcome]>
): SerialSet {
  const runs = [...orders, ...orders].map(([order, one]) => ({
    topology: 'one' as const,
    warm: false,
    order,
    outcome: one,
  }));
  const { masks, undecided } = learn(scene, runs);
  assert.deepEqual(undecided, []);
  return new SerialSet(scene, masks, runs);
}

function told(set: SerialSet, seen: Outcome, more: Partial<ClassifyOptions> = {}): Classified {
  assert.ok(!set.contains(seen), 'it is no violation');
  return classify(seen, set, { onlyWithSeveralWorkers: false, subgroups: () => undefined, ...more });
}

const DONE = json(200, { ok: true });
const USED = json(401, { error: 'used' });
const APPLY = copiesScene('POST /apply', 2, 'GET /balance');
const PAIR: Scene = { ...APPLY, group: [sent('POST /pay'), sent('POST /refund')], groupKeys: [0, 1] };
const balance = (value: number): Answer => json(200, { balance: value });
const COUPON = setOf(APPLY, [[0, 1], outcome([DONE, USED], [balance(1)])]);

describe('a double effect', () => {
  it('is told by answers and state', () => {
    const { kind, severity, sentence, shape } = told(COUPON, outcome([DONE, DONE], [balance(2)]));
    assert.deepEqual([kind, severity], ['double-effect', 'error']);
    assert.equal(
      sentence,
      'Two `POST /apply` both answered 200 and the balance is 2; in every serial order one gets 401 and it is 1.',
    );
    assert.match(shape, /group POST \/apply 401 → 200/);
  });

  it('says if only several workers show it, or if not all orders were tried', () => {
    const seen = outcome([DONE, DONE], [balance(2)]);
    assert.equal(
      told(COUPON, seen, { onlyWithSeveralWorkers: true }).sentence,
      'Only with several workers: two `POST /apply` both answered 200 and the balance is 2; ' +
        'in every serial order one gets 401 and it is 1.',
    );
    const sampled = setOf({ ...APPLY, sampled: true }, [[0, 1], outcome([DONE, USED], [balance(1)])]);
    assert.match(told(sampled, seen).sentence, /in every serial order tried one gets 401/);
  });

  it('is told of different requests of which only one may succeed', () => {
    const set = setOf(
      PAIR,
      [[0, 1], outcome([DONE, USED], [balance(20)])],
      [[1, 0], outcome([USED, DONE], [balance(50)])],
    );
    const { kind, sentence } = told(set, outcome([DONE, DONE], [balance(-30)]));
    assert.equal(kind, 'double-effect');
    assert.equal(
      sentence,
      '`POST /pay` and `POST /refund` both answered 200 and the balance is -30; ' +
        'no serial order gives that: in the nearest, one gets 401 and it is 20.',
    );
  });

  it('is seen in a list that has an element twice, and in a number beside the one before', () => {
    const items = (...names: string[]): Answer => json(200, { items: names });
    const once = setOf(APPLY, [[0, 1], outcome([DONE, DONE], [items('pen')])]);
    const twice = told(once, outcome([DONE, DONE], [items('pen', 'pen')]));
    assert.equal(twice.kind, 'double-effect');
    assert.equal(
      twice.sentence,
      'After two `POST /apply` ran together, `$.items` of `GET /balance` has 2 elements; in every serial order it has 1 element.',
    );
    const idempotent = setOf(APPLY, [[0, 1], outcome([DONE, DONE], [balance(90)])]);
    const none = setOf(sceneOf(APPLY, []), [[], outcome([], [balance(100)])]);
    const seen = outcome([DONE, DONE], [balance(80)]);
    assert.equal(told(idempotent, seen, { subgroups: () => none }).kind, 'double-effect');
    assert.equal(told(idempotent, seen).kind, 'wrong-state');
  });

  it('counts more than two copies', () => {
    const three = copiesScene('POST /apply', 3, 'GET /balance');
    const set = setOf(three, [[0, 1, 2], outcome([DONE, USED, USED], [balance(1)])]);
    assert.match(
      told(set, outcome([DONE, USED, DONE], [balance(2)])).sentence,
      /^Of three `POST \/apply`, two answered 200 and one answered 401 and/,
    );
    assert.match(
      told(set, outcome([DONE, DONE, DONE], [balance(3)])).sentence,
      /^Three `POST \/apply` all answered 200 .* two get 401 and it is 1\.$/,
    );
  });
});

describe('a wrong state', () => {
  it('is silent: all answers are serial ones', () => {
    const set = setOf(APPLY, [[0, 1], outcome([DONE, DONE], [balance(2)])]);
    const { kind, severity, sentence } = told(set, outcome([DONE, DONE], [balance(1)]));
    assert.deepEqual([kind, severity], ['wrong-state', 'error']);
    assert.equal(
      sentence,
      'After two `POST /apply` ran together, the balance is 1; in every serial order it is 2.',
    );
  });

  it('is told of values that copies share', () => {
    const counter = (...counts: number[]): Outcome =>
      outcome(
        counts.map((count) => json(200, { count })),
        [balance(counts.at(-1)!)],
      );
    const set = setOf(APPLY, [[0, 1], counter(1, 2)]);
    assert.equal(
      told(set, counter(1, 1)).sentence,
      'Two `POST /apply` both answered with `$.count` 1 and the balance is 1; in every serial order one gets `$.count` 2 and it is 2.',
    );
  });

  it('names the nearest order only, where orders differ', () => {
    const last = (value: string): Outcome => outcome([DONE, DONE], [json(200, { last: value, n: 2 })]);
    const set = setOf(PAIR, [[0, 1], last('refund')], [[1, 0], last('pay')]);
    assert.equal(
      told(set, outcome([DONE, DONE], [json(200, { last: null, n: 2 })])).sentence,
      'After `POST /pay` and `POST /refund` ran together, the last is null; no serial order gives that: in the nearest, it is "refund".',
    );
    assert.match(
      told(set, outcome([DONE, DONE], [json(200, { last: 'pay', n: 1 })])).sentence,
      /`\$\.n` of `GET \/balance` is 1; in every serial order it is 2\.$/,
    );
  });

  it('is told of redirects and cookies', () => {
    const to = (place: string): Answer => json(302, {}, [['Location', place]]);
    const set = setOf(APPLY, [[0, 1], outcome([to('/done'), to('/sorry')], [balance(1)])]);
    assert.equal(
      told(set, outcome([to('/done'), to('/done')], [balance(1)])).sentence,
      'Two `POST /apply` both answered with the Location /done; in every serial order one gets the Location /sorry.',
    );
    const signed = setOf(PAIR, [
      [0, 1],
      outcome([json(200, {}, [['Set-Cookie', 'sid=1']]), DONE], [balance(1)]),
    ]);
    assert.equal(
      told(signed, outcome([json(200, {}), DONE], [balance(1)])).sentence,
      '`POST /pay` answered with no cookies; in every serial order it gets the cookies sid.',
    );
  });

  it('is told of pages', () => {
    const left = (count: number): Outcome => outcome([DONE, DONE], [html(`<p>${count} left</p>`)]);
    const set = setOf(APPLY, [[0, 1], left(1)]);
    assert.equal(
      told(set, left(2)).sentence,
      'After two `POST /apply` ran together, `GET /balance` shows "2 left"; in every serial order it shows "1 left".',
    );
  });

  it('is told of two that have one id', () => {
    const made = (first: number, second: number): Outcome =>
      outcome([json(201, { id: first }), json(201, { id: second })], [json(200, {})]);
    const runs = [made(4, 5), made(8, 9)].map((one) => ({
      topology: 'one' as const,
      warm: false,
      order: [0, 1],
      outcome: one,
    }));
    const set = new SerialSet(APPLY, learn(APPLY, runs).masks, runs);
    assert.equal(
      told(set, made(11, 11)).sentence,
      'Two `POST /apply` got the same `$.id` "11"; in every serial order all are different.',
    );
  });
});

describe('other kinds', () => {
  const users = (more: Partial<Scene> = {}): Scene => ({
    group: [sent('GET /me', { client: 'alice' }), sent('GET /me', { client: 'bob' })],
    groupKeys: [0, 1],
    probes: [],
    nowMs: 0,
    ...more,
  });
  const me = (first: string, second: string): Outcome =>
    outcome([json(200, { name: first, role: 'user' }), json(200, { name: second, role: 'user' })]);

  it("are another user's data", () => {
    const set = setOf(users(), [[0, 1], me('alice', 'bob')], [[1, 0], me('alice', 'bob')]);
    const { kind, sentence } = told(set, me('bob', 'bob'));
    assert.equal(kind, 'other-users-data');
    assert.equal(
      sentence,
      'The answer of `GET /me (1st) of alice` has "bob", which in every serial order only the answer of `GET /me (2nd) of bob` has.',
    );
    assert.equal(told(set, me('alice', 'nobody')).kind, 'wrong-state');
    const same = users({ group: [sent('GET /me'), sent('GET /me')] });
    assert.equal(told(setOf(same, [[0, 1], me('alice', 'bob')]), me('bob', 'bob')).kind, 'wrong-state');
    const named = users({
      group: [sent('GET /me', { sentText: '/me?user=alice' }), sent('GET /me', { sentText: '/me?user=bob' })],
    });
    assert.equal(told(setOf(named, [[0, 1], me('alice', 'bob')]), me('bob', 'bob')).kind, 'other-users-data');
  });

  it('are a crash, whatever else differs', () => {
    const died: Answer = { request: 0, status: 0, headers: [], body: '', failure: 'died' };
    const seen = { ...outcome([DONE, died], [balance(1)]), death: 'Error: unhandled\n    at x.js:1' };
    const { kind, sentence, difference } = told(COUPON, seen);
    assert.equal(kind, 'crash');
    assert.equal(
      sentence,
      'A worker died (Error: unhandled) while two `POST /apply` ran together; in every serial order it lives on.',
    );
    assert.ok(difference.includes('worker: lives on → died'));
  });

  it('are only errors, if all else is serial or as if they had not been sent', () => {
    const failed = json(500, { error: 'SQLITE_BUSY' });
    const set = setOf(APPLY, [[0, 1], outcome([DONE, DONE], [balance(2)])]);
    const { kind, severity, sentence } = told(set, outcome([DONE, failed], [balance(2)]));
    assert.deepEqual([kind, severity], ['error-only', 'warning']);
    assert.equal(
      sentence,
      'Of two `POST /apply`, one answered 200 and one answered 500; in every serial order both get 200, and everything else is as a serial order leaves it.',
    );
    const alone = setOf(sceneOf(APPLY, [0]), [[0], outcome([DONE], [balance(1)])]);
    const rest = told(set, outcome([DONE, failed], [balance(1)]), { subgroups: () => alone });
    assert.equal(rest.kind, 'error-only');
    assert.match(rest.sentence, /as if it had not been sent\.$/);
    const wrong = told(set, outcome([DONE, failed], [balance(0)]), { subgroups: () => alone });
    assert.deepEqual([wrong.kind, wrong.severity], ['wrong-state', 'error']);
    const late: Answer = { request: 0, status: 0, headers: [], body: '', failure: 'timeout' };
    assert.match(told(set, outcome([DONE, late], [balance(2)])).sentence, /one got no answer in time; /);
  });

  it('are extra work, if only a count of it is larger', () => {
    const stats = (more: object): Outcome =>
      outcome([DONE, DONE], [json(200, { dbCalls: 1, total: 5, ...more })]);
    const set = setOf(APPLY, [[0, 1], stats({})]);
    assert.deepEqual(
      ['dbCalls', 'total'].map((name) => told(set, stats({ [name]: 9 })).kind),
      ['extra-work', 'wrong-state'],
    );
    assert.equal(told(set, stats({ dbCalls: 0 })).kind, 'wrong-state');
    assert.equal(told(set, stats({ dbCalls: 2 })).severity, 'warning');
  });

  it('are busy', () => {
    assert.equal(
      busySentence(APPLY, outcome([DONE, json(409, {})]), [1]),
      '`POST /apply` answered 409 while another request was under way; the rest is as if it had not been sent.',
    );
  });
});
