/** Samples in the shapes of the clients that people have. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemText } from '../../../src/races/scenario/place.ts';
import { readScenarios } from '../../../src/races/scenario/read-scenario.ts';
import { requestsOf, type Scenario } from '../../../src/races/scenario/types.ts';
import { sentBy, trialOf } from './scenario-of.ts';

const SAMPLES = 'test/races/scenario/samples';

async function sample(name: string): Promise<Scenario> {
  const { scenarios, problems, missing } = await readScenarios([`${SAMPLES}/${name}.http`], process.cwd());
  assert.deepEqual([...problems.map(problemText), ...missing], []);
  return scenarios[0]!.scenario;
}

const json = (value: unknown) => ({
  status: 200,
  headers: [['X-Trace', 't-1']] as const,
  body: JSON.stringify(value),
});

describe('a scenario', () => {
  it('may be written as for REST Client', async () => {
    const scenario = await sample('rest-client');
    assert.deepEqual(
      scenario.requests.map(({ role, name, copies, references }) => [role, name, copies, references]),
      [
        ['setup', 'signIn', 1, []],
        ['together', 'book', 2, ['signIn']],
        ['probe', undefined, 1, []],
        ['probe', undefined, 1, ['signIn']],
      ],
    );
    const trial = trialOf(scenario, { GUEST_PASSWORD: 'open' });
    assert.deepEqual(sentBy(scenario, 0, trial), {
      method: 'POST',
      path: '/api/session',
      headers: [
        ['content-type', 'application/json'],
        ['Content-Length', '82'],
      ],
      body: '{\n    "email": "guest@example.org",\n    "password": "open",\n    "at": 1893549845\n}',
    });
    trial.responses.set('signIn', json({ session: { token: 'abc' } }));
    const { path, headers, body } = sentBy(scenario, 1, trial);
    assert.match(path, /^\/api\/rooms\/7\/bookings\?from=2030-01-01&nights=[1-4]$/);
    assert.deepEqual(headers[1], ['authorization', 'Bearer abc']);
    assert.match(body, /^id=[\da-f-]{36}&name=localhost&breakfast=no$/);
    assert.deepEqual(sentBy(scenario, 2, trial), {
      method: 'GET',
      path: '/api/rooms/7',
      headers: [['authorization', `Basic ${btoa('guest:secret')}`]],
      body: '',
    });
    assert.equal(sentBy(scenario, 3, trial).path, '/api/uploads/t-1');
  });

  it("may be written as for JetBrains' client", async () => {
    const scenario = await sample('jetbrains');
    const [login, upload, count] = scenario.requests;
    assert.deepEqual([login!.name, upload!.name, upload!.title], ['login', undefined, 'Upload two pictures']);
    assert.deepEqual([upload!.copies, upload!.timeoutMs, count!.role], [2, 10_000, 'probe']);
    assert.equal(sentBy(scenario, 0).body, '{"user": "ann"}');
    const trial = trialOf(scenario);
    trial.responses.set('login', json({ token: 'abc' }));
    const { path, body } = sentBy(scenario, 1, trial);
    assert.equal(path, '/pictures?album=1&public=true');
    const lines = body.split('\r\n');
    assert.match(lines.splice(3, 1)[0]!, /^Sea [\da-f-]{36}$/);
    assert.deepEqual(lines, [
      '--frontier',
      'Content-Disposition: form-data; name="title"',
      '',
      '--frontier',
      'Content-Disposition: form-data; name="picture"; filename="sea.txt"',
      'Content-Type: text/plain',
      '',
      'blue\n',
      '--frontier--',
      '',
    ]);
    assert.deepEqual(sentBy(scenario, 2), { method: 'GET', path: '/pictures', headers: [], body: '' });
  });

  it('may be written as for Visual Studio', async () => {
    const scenario = await sample('visual-studio');
    assert.deepEqual(
      scenario.requests.map(({ role, client }) => [role, client]),
      [
        ['together', ''],
        ['together', 'bob'],
        ['probe', ''],
      ],
    );
    const { path, headers } = sentBy(scenario, 0, trialOf(scenario, { STOCK_USER: 'ann' }));
    assert.equal(path, '/stock/42/reserve');
    assert.deepEqual(headers.slice(1, 3), [
      ['X-User', 'ann'],
      ['Date', 'Wed, 02 Jan 2030 03:04:05 GMT'],
    ]);
  });

  it('may be written as for httpYac', async () => {
    const scenario = await sample('httpyac');
    const [reset, cart, pay, receipts] = scenario.requests;
    assert.deepEqual(requestsOf(scenario, 'reset'), [reset]);
    assert.deepEqual(requestsOf(scenario, 'setup'), [cart], 'the payment refers to it');
    assert.deepEqual(receipts!.after, { name: 'pay', event: 'headers', line: 26 });
    const ofFile = [
      { kind: 'path', path: '$..updatedAt' },
      { kind: 'header', name: 'X-Request-Id' },
    ];
    assert.deepEqual(cart!.masks, ofFile);
    assert.deepEqual(pay!.masks, [...ofFile, { kind: 'text', pattern: /\d+ ms/g }]);
    assert.deepEqual([pay!.busy, pay!.settleMs], [[423], 20]);
    const trial = trialOf(scenario);
    trial.responses.set('cart', json({ id: 7, items: [{ sku: 'tea' }] }));
    const { path, body } = sentBy(scenario, 2, trial);
    assert.equal(path, '/cart/7/pay');
    assert.deepEqual(JSON.parse(body), { cart: '7', items: { sku: 'tea' } });
  });
});
