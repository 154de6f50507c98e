import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { learn } from '../../../src/races/outcomes/learn.ts';
import { type Scene, sceneOf } from '../../../src/races/outcomes/scene.ts';
import type { SerialRun } from '../../../src/races/outcomes/serial-run.ts';
import { SerialSet } from '../../../src/races/outcomes/serial-set.ts';
import type { Answer, Outcome } from '../../../src/races/types.ts';
import { copiesScene, html, json, outcome, runsOf, sent } from './support.ts';

const ORDERS = copiesScene('POST /orders', 2, 'GET /orders');

function setOf(scene: Scene, runs: readonly SerialRun[]): SerialSet {
  const { masks, undecided } = learn(scene, runs);
  assert.deepEqual(undecided, []);
  return new SerialSet(scene, masks, runs);
}

const uuid = (seed: number): string =>
  `${((seed * 2654435761) >>> 0).toString(16).padStart(8, '0')}-1c2d-4e3f-8a9b-${String(seed).padStart(12, '0')}`;

/** Two orders are made; their ids are random. */
function madeOrders(seed: number, amounts: readonly number[] = [10, 10]): Outcome {
  const ids = amounts.map((_, index) => uuid(seed * 10 + index));
  return outcome(
    ids.map((id, index) => json(201, { id, amount: amounts[index] }, [['Location', `/orders/${id}`]])),
    [json(200, { items: ids.map((id, index) => ({ id, amount: amounts[index] })), total: 20 })],
  );
}

describe('what differs between runs of one serial order', () => {
  it('is masked by path, with any element of a list', () => {
    const runs = runsOf([madeOrders(1), madeOrders(2)]);
    const set = setOf(ORDERS, runs);
    assert.deepEqual(set.masks.listed, [
      'POST /orders: header Location (all different)',
      'POST /orders: $.id (all different)',
      'GET /orders: $.items[*].id (all different)',
    ]);
    assert.ok(set.contains(madeOrders(3)));
    assert.ok(!set.contains(madeOrders(3, [10, 11])));
  });

  it('is held to be all different, where it always was', () => {
    const set = setOf(ORDERS, runsOf([madeOrders(1), madeOrders(2)]));
    const trial = madeOrders(3);
    const twice = outcome(
      [trial.answers[0]!, { ...trial.answers[1]!, body: trial.answers[0]!.body }],
      trial.probes,
    );
    assert.ok(!set.contains(twice));
    const [line] = set.difference(runsOf([madeOrders(1)])[0]!.outcome, twice);
    assert.match(line!, /^POST \/orders: \$\.id must differ, but is twice "/);
  });

  it('is no id if it was equal by chance', () => {
    const lucky = (...numbers: number[]): Outcome =>
      outcome(
        numbers.map((number) => json(200, { lucky: number })),
        [json(200, {})],
      );
    const set = setOf(ORDERS, runsOf([lucky(3, 5), lucky(5, 3), lucky(2, 2)]));
    assert.deepEqual(set.masks.listed, ['POST /orders: $.lucky']);
    assert.ok(set.contains(lucky(4, 4)));
  });

  it('keeps its JSON type', () => {
    const winner = (value: string | null): Outcome =>
      outcome([json(200, {}), json(200, {})], [json(200, { winner: value })]);
    const set = setOf(ORDERS, runsOf([winner(uuid(1)), winner(uuid(2))]));
    assert.ok(set.contains(winner(uuid(3))));
    assert.ok(!set.contains(winner(null)));
  });

  it('is a sequence that the database goes on with', () => {
    const made = (first: number, second = first + 1): Outcome =>
      outcome(
        [json(201, { id: first }), json(201, { id: second })],
        [json(200, [{ id: first }, { id: second }])],
      );
    const set = setOf(ORDERS, runsOf([made(17), made(19)]));
    assert.ok(set.contains(made(21)));
    assert.ok(!set.contains(made(21, 21)), 'two orders have one number');
  });

  it('is the order of a list that random ids sort', () => {
    const listed = (...ids: string[]): Outcome => {
      const items = ids.map((id, index) => ({ id, item: ['pen', 'ink', 'cap'][index] }));
      items.sort((a, b) => (a.id < b.id ? -1 : 1));
      return outcome([json(201, {}), json(201, {})], [json(200, { items })]);
    };
    const set = setOf(ORDERS, runsOf([listed('a1f', 'b2e', 'c3d'), listed('f9a', 'e8b', 'd7c')]));
    assert.deepEqual(set.masks.listed, [
      'GET /orders: $.items[*].id (all different)',
      'GET /orders: order of $.items',
    ]);
    assert.ok(set.contains(listed('b1', 'a1', 'c1')));
    const lost = json(200, {
      items: [
        { id: 'b1', item: 'pen' },
        { id: 'c1', item: 'pen' },
        { id: 'd1', item: 'cap' },
      ],
    });
    assert.ok(!set.contains(outcome([json(201, {}), json(201, {})], [lost])));
  });

  it('is a span of a text, which hides nothing else of it', () => {
    const page = (csrf: string, time: string, balance: number): Outcome =>
      outcome(
        [html('ok'), html('ok')],
        [
          html(
            `<form><input type="hidden" name="csrf" value="${csrf}"><p>It is ${time}</p><b>Balance: ${balance}</b>` +
              `<a href="/pay/${csrf.slice(0, 6)}/confirm?step=2">pay</a></form>`,
          ),
        ],
      );
    const runs = runsOf([page('q8Zk+1/aB==', '10:20:30', 5), page('Xy7/w/20Kq=', '10:20:31', 5)]);
    const { masks, undecided } = learn(ORDERS, runs);
    assert.deepEqual(undecided, []);
    const set = new SerialSet(ORDERS, masks, runs);
    assert.ok(set.contains(page('mmmmm1mmmm=', '10:21:00', 5)));
    assert.ok(!set.contains(page('mmmmm1mmmm=', '10:21:00', 6)));
    assert.match(masks.listed.join('\n'), /text "value="q8Zk\+1\/aB=="/);
  });

  it('in a message of JSON is only the random part', () => {
    const said = (text: string): Outcome =>
      outcome([json(200, { text }), json(200, { text })], [json(200, {})]);
    const set = setOf(ORDERS, runsOf([said('Order 8f3a1c is paid'), said('Order 71bd20 is paid')]));
    assert.ok(set.contains(said('Order 99ee11 is paid')));
    assert.ok(!set.contains(said('Order 99ee11 is refused')));
  });

  it('may be a whole text of another form each time', () => {
    const quote = (text: string): Outcome =>
      outcome([json(200, {}), json(200, {})], [json(200, { quote: text, n: 1 })]);
    const set = setOf(ORDERS, runsOf([quote('Less is more'), quote('Know thyself')]));
    assert.ok(set.contains(quote('To be or not to be')));
  });

  it('may be a member that is not always there', () => {
    const hint = (more: object): Outcome =>
      outcome([json(200, {}), json(200, {})], [json(200, { n: 1, ...more })]);
    const set = setOf(ORDERS, runsOf([hint({}), hint({ hint: 'x' })]));
    assert.ok(set.contains(hint({ hint: 'y' })));
    assert.ok(!set.contains(hint({ hint: 4 })));
  });

  it('is a time without ms that was equal in each pair by chance', () => {
    const expiry = (at: string): Outcome =>
      outcome([json(200, {}), json(200, {})], [json(200, { expires: at })]);
    const runs = [
      ...runsOf([expiry('2026-04-04T10:20:30Z'), expiry('2026-04-04T10:20:30Z')]),
      ...runsOf([expiry('2026-04-04T10:20:31Z'), expiry('2026-04-04T10:20:31Z')]).map((run) => ({
        ...run,
        warm: true,
      })),
    ];
    assert.ok(setOf(ORDERS, runs).contains(expiry('2026-04-04T10:20:32Z')));
  });

  it('is the id in a redirect', () => {
    const to = (location: string): Answer => ({
      request: 0,
      status: 303,
      headers: [['Location', location]],
      body: '',
    });
    const runs = runsOf([
      outcome([to('/orders/17?new=1'), to('/orders/18?new=1')], [json(200, {})]),
      outcome([to('/orders/23?new=1'), to('/orders/24?new=1')], [json(200, {})]),
    ]);
    const set = setOf(ORDERS, runs);
    assert.ok(set.contains(outcome([to('/orders/31?new=1'), to('/orders/30?new=1')], [json(200, {})])));
    assert.ok(!set.contains(outcome([to('/orders/31?new=1'), to('/orders/31?new=1')], [json(200, {})])));
    assert.ok(!set.contains(outcome([to('/orders/31?new=1'), to('/login?new=1')], [json(200, {})])));
  });
});

describe('what all runs show together', () => {
  const probed = (value: unknown): Outcome => outcome([json(200, {}), json(200, {})], [json(200, value)]);

  it('is that a list is sorted by a random id, though its order was always the same', () => {
    const listed = (...ids: string[]): Outcome =>
      probed(ids.map((id, index) => ({ id, item: ['pen', 'ink'][index] })));
    const runs = runsOf([listed('a1', 'f2'), listed('b3', 'c4'), listed('d5', 'e6'), listed('a7', 'b8')]);
    const other = probed([
      { id: 'a9', item: 'ink' },
      { id: 'b9', item: 'pen' },
    ]);
    assert.ok(setOf(ORDERS, runs).contains(other));
    assert.ok(
      !setOf(ORDERS, runs).contains(
        probed([
          { id: 'a9', item: 'ink' },
          { id: 'b9', item: 'ink' },
        ]),
      ),
    );
  });

  it('is that an object has random names', () => {
    const byId = (...ids: string[]): Outcome =>
      probed({
        orders: Object.fromEntries(ids.map((id, index) => [uuid(Number(id)), { n: index }])),
        open: 2,
      });
    const set = setOf(ORDERS, runsOf([byId('7', '4'), byId('2', '9')]));
    assert.deepEqual(set.masks.listed, ['GET /orders: names in $.orders']);
    assert.ok(set.contains(byId('5', '6')));
    assert.ok(!set.contains(byId('5', '6', '7')));
    assert.ok(!set.contains(byId('5')));
  });

  it('is that two requests never get the same token', () => {
    const scene: Scene = {
      ...ORDERS,
      group: [sent('POST /login', { client: 'alice' }), sent('POST /signup', { client: 'bob' })],
      groupKeys: [0, 1],
      probes: [],
    };
    const tokens = (...of: string[]): Outcome => outcome(of.map((token) => json(200, { token })));
    const set = setOf(scene, runsOf([tokens('f3a9c1d2', '77b0aa31'), tokens('0c9d8e7f', '5a6b7c8d')]));
    assert.ok(set.contains(tokens('a1b2c3d4', 'e5f6a7b8')));
    assert.ok(!set.contains(tokens('a1b2c3d4', 'a1b2c3d4')));
    assert.deepEqual(set.difference(tokens('a1', 'b2'), tokens('c3', 'c3')), [
      'POST /login and POST /signup: $.token must differ, but is twice "c3"',
    ]);
    const shared = setOf(scene, runsOf([tokens('f3a9c1d2', 'f3a9c1d2'), tokens('0c9d8e7f', '0c9d8e7f')]));
    assert.ok(shared.contains(tokens('a1b2c3d4', 'a1b2c3d4')));
  });

  it('is learned from parts of the group as well', () => {
    const page = (token: string, rows: number): Outcome =>
      outcome(
        Array.from({ length: rows }, () => json(200, {})),
        [html(`<i>${token}</i>${'<li>row</li>'.repeat(rows)}`)],
      );
    const part = sceneOf(ORDERS, [0]);
    const parts = [{ scene: part, runs: runsOf([page('a1', 1), page('b2', 1)]) }];
    const { masks } = learn(ORDERS, runsOf([page('c3', 2), page('d4', 2)]), parts);
    assert.ok(new SerialSet(part, masks, parts[0]!.runs).contains(page('e5', 1)));
  });
});

describe('a serial order is undecided', () => {
  const undecided = (scene: Scene, outcomes: readonly Outcome[]): readonly string[] =>
    learn(scene, runsOf(outcomes)).undecided;
  const probed = (answer: Answer): Outcome => outcome([json(200, {}), json(200, {})], [answer]);

  it('if a status differs, which no mask hides', () => {
    const lines = undecided(ORDERS, [probed(json(200, {})), probed(json(500, {}))]);
    assert.equal(lines[0], 'GET /orders: 200 → 500');
    assert.match(lines.at(-1)!, /`# @reset`.*No mask hides a status\.$/);
  });

  it('if state grows from run to run', () => {
    const outcomes = [3, 5, 7].map((count) => probed(json(200, { sold: count })));
    const lines = undecided(ORDERS, outcomes);
    assert.deepEqual(lines.slice(0, 2), [
      'GET /orders: $.sold 3 → 5',
      'GET /orders: $.sold changes from run to run of one serial order.',
    ]);
    assert.match(lines.at(-1)!, /# @reset.*`# @mask \$\.sold` if it does not matter\.$/);
    const lists = [1, 2, 3].map((count) =>
      probed(
        json(
          200,
          Array.from({ length: count }, () => 'x'),
        ),
      ),
    );
    assert.match(undecided(ORDERS, lists).join('\n'), /\$ 1 element → 2 elements/);
    const pages = [3, 5, 7].map((count) => probed(html(`<p>Sold: <b>${count}</b></p>`)));
    assert.match(undecided(ORDERS, pages).join('\n'), /text "Sold: 3" → "Sold: 5"/);
  });

  it('but not if an id or a random number does', () => {
    assert.deepEqual(
      undecided(
        ORDERS,
        [3, 5, 7].map((id) => probed(json(200, { lastId: id }))),
      ),
      [],
    );
    assert.deepEqual(
      undecided(
        ORDERS,
        [3, 1, 7].map((lucky) => probed(json(200, { lucky }))),
      ),
      [],
    );
    assert.deepEqual(
      undecided(
        ORDERS,
        [3, 5, 7].map((id) => probed(html(`<p>Order #${id}</p>`))),
      ),
      [],
    );
  });

  it('if yes or no differs, or names of cookies, or a text has another form', () => {
    assert.match(
      undecided(ORDERS, [probed(json(200, { paid: true })), probed(json(200, { paid: false }))]).at(-1)!,
      /^Add `# @mask \$\.paid` to `GET \/orders`/,
    );
    const cookies = (name: string): Outcome => probed(json(200, {}, [['Set-Cookie', `${name}=1`]]));
    assert.match(undecided(ORDERS, [cookies('a'), cookies('b')]).at(-1)!, /# @mask header Set-Cookie/);
    const lines = undecided(ORDERS, [probed(html('<p>a b</p>')), probed(html('<p>a</p>'))]);
    assert.match(lines.at(-1)!, /# @mask body/);
  });
});

const volatile = fc.record({
  id: fc.uuid(),
  token: fc.string({ minLength: 20, maxLength: 30, unit: fc.constantFrom(...'abcdef0123456789-_') }),
  lucky: fc.integer(),
  ratio: fc.double({ noNaN: true }),
});

describe('learned masks', () => {
  it('make repeated runs equal, whatever stands in what differs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(volatile, volatile), { minLength: 2, maxLength: 5 }),
        fc.jsonValue(),
        (all, fixed) => {
          const outcomes = all.map((pair) =>
            outcome(
              pair.map((one) => json(201, { ...one, fixed })),
              [json(200, { list: pair, fixed }), html(`<p id="${pair[0].id}">${pair[1].token}</p>`)],
            ),
          );
          const scene = { ...ORDERS, probes: [...ORDERS.probes, sent('GET /page')] };
          const { masks, undecided } = learn(scene, runsOf(outcomes));
          const drifts = undecided.some((line) => line.includes('from run to run'));
          fc.pre(!drifts);
          assert.deepEqual(undecided, []);
          const set = new SerialSet(scene, masks, runsOf(outcomes).slice(0, 1));
          for (const one of outcomes) assert.ok(set.contains(one));
        },
      ),
    );
  });

  it('hide nothing if all runs are equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other) && !Object.is(one, other));
        const made = outcome([json(200, one), json(200, one)], [json(200, one)]);
        const set = setOf(ORDERS, runsOf([made, made]));
        assert.deepEqual(set.masks.listed, []);
        assert.ok(set.contains(made));
        assert.ok(!set.contains(outcome(made.answers, [json(200, [one, other, 'more'])])));
      }),
    );
  });
});
