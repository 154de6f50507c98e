import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseScenario } from '../../../src/races/scenario/parse-scenario.ts';
import { problemText } from '../../../src/races/scenario/place.ts';
import { requestsOf } from '../../../src/races/scenario/types.ts';
import { mistakesOf, scenarioOf } from './scenario-of.ts';

const GROUP = ['###', '# @together 2', 'POST /group'];

describe('metadata', () => {
  it('may stand in any comment of a request, with one or two signs', () => {
    const { requests } = scenarioOf(
      '###',
      '  #@together 2',
      'POST /a',
      '// @client bob',
      'Accept: */*',
      '## @settle 5',
      '',
      '{}',
      '',
      '# @busy 409, 423',
    );
    const [request] = requests;
    assert.deepEqual(
      [request!.copies, request!.client, request!.settleMs, request!.busy, request!.headers.length],
      [2, 'bob', 5, [409, 423], 1],
    );
  });

  it('are not lines that only mention something', () => {
    assert.deepEqual(mistakesOf('# ask ann@example.org', '#', '# see @setup', '# @ home', ...GROUP), []);
  });

  it('of other clients change nothing', () => {
    const ignored = ['# @no-redirect', '# @no-log', '// @no-cookie-jar', '# @note careful', '# @timeout 2 m'];
    const { requests } = scenarioOf(...GROUP.slice(0, 2), ...ignored, 'POST /group');
    assert.equal(requests[0]!.timeoutMs, 120_000);
  });

  it('@mask, @busy and @settle hold for all above the first request', () => {
    const { requests } = scenarioOf(
      '# @mask $.at',
      '# @busy 409',
      '# @settle 20',
      '',
      ...GROUP,
      '# @settle 0',
      '###',
      '# @probe',
      'GET /b',
    );
    for (const { masks, busy } of requests) {
      assert.deepEqual([masks, busy], [[{ kind: 'path', path: '$.at' }], [409]]);
    }
    assert.deepEqual(
      requests.map(({ settleMs }) => settleMs),
      [0, 20],
      'its own first',
    );
  });

  it('@mask at the top of a file without ### holds for all, below a role only for its request', () => {
    const masks = (...lines: string[]) =>
      scenarioOf(...lines, ...GROUP).requests.map((request) => request.masks.map(({ kind }) => kind));
    assert.deepEqual(masks('# @mask body', '# @setup', 'GET /a'), [['body'], ['body']]);
    assert.deepEqual(masks('# @setup', '# @mask body', 'GET /a'), [['body'], []]);
    assert.deepEqual(masks('### first', '# @mask body', '# @setup', 'GET /a'), [['body'], []]);
    assert.deepEqual(masks('GET /a', '# @mask body'), [['body'], []]);
  });

  it('@schedule and @accept are of the file, wherever they stand', () => {
    const token = '1:one:warm:r0@query:redeem:redeem.js:1';
    const scenario = scenarioOf(`# @schedule ${token}`, ...GROUP, `# @accept ${token} by design, see #12`);
    assert.deepEqual(scenario.schedules, [{ token, line: 1 }]);
    assert.deepEqual(scenario.accepts, [{ token, reason: 'by design, see #12', line: 5 }]);
  });

  it('@mask has four forms', () => {
    const { requests } = scenarioOf(
      ...GROUP.slice(0, 2),
      "# @mask $['a b'][*]",
      '# @mask header ETag',
      '# @mask body',
      '# @mask /took \\d+/i',
      'POST /a',
    );
    assert.deepEqual(requests[0]!.masks, [
      { kind: 'path', path: "$['a b'][*]" },
      { kind: 'header', name: 'ETag' },
      { kind: 'body' },
      { kind: 'text', pattern: /took \d+/gi },
    ]);
  });
});

describe('a request without a role', () => {
  it('is a setup if another needs it, at its place in the file, also through a variable', () => {
    const scenario = scenarioOf(
      '@token = {{session.token}}',
      '### user',
      'POST /users',
      '### session',
      'POST /sessions/{{user.id}}',
      '###',
      '# @setup',
      'POST /carts',
      'Authorization: {{token}}',
      ...GROUP,
    );
    assert.deepEqual(
      requestsOf(scenario, 'setup').map(({ line }) => line),
      [3, 5, 8],
    );
    assert.deepEqual(
      scenario.requests.map(({ references }) => references),
      [[], ['user'], ['session'], []],
    );
  });

  it('is not sent otherwise, and a note says so; only @warm sends it then', () => {
    const text = [
      ...GROUP,
      '### old',
      'GET /old/{{older.id}}',
      '### older',
      'GET /older',
      '###',
      '# @warm 4',
      'GET /warm',
    ].join('\n');
    const { scenario, notes } = parseScenario(text, 'a.http');
    assert.deepEqual(
      scenario!.requests.map(({ sent, warm }) => [sent, warm]),
      [
        [true, undefined],
        [false, undefined],
        [false, undefined],
        [false, 4],
      ],
    );
    const why = 'is not sent, because it has no role and no other request uses its answer.';
    assert.deepEqual(notes.map(problemText), [`a.http:5: This GET ${why}`, `a.http:7: This GET ${why}`]);
  });
});

describe('a comment in a body', () => {
  it('is not sent, and a note says so if there is text above and below it', () => {
    const lines = ['POST /a', '', '// above', 'one', '# heading', 'two', '// below'];
    const { notes } = parseScenario(['# @together 2', ...lines].join('\n'), 'a.http');
    assert.deepEqual(notes.map(problemText), [
      'a.http:6: This line of the body is a comment, and is not sent.',
    ]);
  });
});

describe('a name', () => {
  it('is the title only if that can be one, and is nobody else’s', () => {
    const names = (...lines: string[]) => scenarioOf(...GROUP, ...lines).requests.map(({ name }) => name);
    assert.deepEqual(names('### login', 'GET /a'), [undefined, 'login']);
    assert.deepEqual(names('### log in', 'GET /a'), [undefined, undefined]);
    assert.deepEqual(names('### login ###', '# @name = entry', 'GET /a'), [undefined, 'entry']);
    assert.deepEqual(names('### a', 'GET /a', '### a', 'GET /b'), [undefined, undefined, undefined]);
    assert.deepEqual(names('### a', 'GET /a', '###', '# @name a', 'GET /b'), [undefined, undefined, 'a']);
  });
});
