/** What is sent. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkEnvironment } from '../../../src/races/scenario/check-targets.ts';
import { ExpandError } from '../../../src/races/scenario/expand.ts';
import { problemText } from '../../../src/races/scenario/place.ts';
import { readTarget } from '../../../src/races/scenario/target.ts';
import { buildRequest } from '../../../src/races/scenario/to-request.ts';
import { mistakesBelow, NOW, scenarioOf, sentBy, trialOf } from './scenario-of.ts';

const GROUP = ['# @together 2', 'POST /group', '###'];
const requestOf = (...lines: string[]) => sentBy(scenarioOf(...GROUP, '# @probe', ...lines), 1);

describe('a target', () => {
  const paths: Array<[target: string, path: string]> = [
    ['/a?b=c', '/a?b=c'],
    ['*', '*'],
    ['http://localhost', '/'],
    ['http://localhost:3000?a', '/?a'],
    ['https://127.0.0.1:8443/a/../b', '/a/../b'],
    ['HTTP://[::1]:3000/a#part', '/a'],
    ['http://app.localhost/a', '/a'],
    ['http://127.1/a', '/a'],
    ['http://0.0.0.0:80/a', '/a'],
    ['localhost:3000/a', '/a'],
    ['/tea for two/\u00e4%20', '/tea%20for%20two/%C3%A4%20'],
    ['http://localhost\\@example.com/a', '/@example.com/a'],
  ];
  for (const [target, path] of paths) {
    it(`goes to the server under test: ${target}`, () => assert.deepEqual(readTarget(target), { path }));
  }

  const elsewhere = [
    'http://example.com/',
    'http://localhost@example.com/',
    'http://10.0.0.1/',
    'http:///a',
    'http://128.0.0.1/a',
    'http://localhost.:x/',
  ];
  for (const target of [...elsewhere, 'example.com/a', '10.0.0.1:80/a', '', 'a', 'file:///a']) {
    it(`is refused: ${target}`, () => assert.ok('what' in readTarget(target)));
  }

  it('has no character that a request line can not have', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
      const read = readTarget(`/${text}`);
      assert.match('path' in read ? read.path : '', /^\/[\x21-\x7e]*$/);
    });
    fc.assert(property);
  });

  it('whose host is known only then is checked when it is sent', () => {
    const scenario = scenarioOf(...GROUP, '# @probe', 'GET {{$processEnv BASE}}/a');
    const send = (base: string) => sentBy(scenario, 1, trialOf(scenario, { BASE: base })).path;
    assert.equal(send('http://localhost:1'), '/a');
    const refused = {
      message: 'example.com is another host, and nothing is sent there',
      place: { file: 'a.http', line: 5 },
    };
    assert.throws(() => send('http://example.com'), refused);
  });

  it('whose host is in the environment is checked before anything is sent', () => {
    const scenario = scenarioOf(
      '@base = {{$processEnv BASE}}',
      ...GROUP,
      '# @probe',
      'GET {{base}}/a',
      'X-Key: {{$dotenv KEY}}',
      '###',
      'GET /never/{{$dotenv OTHER}}',
    );
    const check = (values: Record<string, string>) => {
      const lookup = (key: string): string | undefined => values[key];
      return checkEnvironment(scenario, { dotenv: lookup, processEnv: lookup }).map(problemText);
    };
    assert.deepEqual(check({ BASE: 'http://localhost', KEY: '' }), []);
    assert.deepEqual(check({}), [
      'a.http:1: The environment variable BASE is not set. Set BASE.',
      'a.http:7: The .env file has no KEY. Set KEY.',
    ]);
    assert.deepEqual(check({ BASE: 'http://example.com', KEY: 'k' }), [
      'a.http:6: example.com is another host, and nothing is sent there. Write a path (/cart), or a URL of this machine (http://localhost:3000/cart).',
    ]);
  });
});

describe('a request', () => {
  it('has the headers of the person, without those of the connection', () => {
    const { headers } = requestOf(
      'POST /a',
      'Host: localhost:3000',
      'connection: close',
      'Content-Length: 7',
      'Transfer-Encoding: chunked',
      'Cookie: a=b',
      'X-Empty:',
    );
    assert.deepEqual(headers, [
      ['Cookie', 'a=b'],
      ['X-Empty', ''],
      ['Content-Length', '0'],
    ]);
  });

  it('has no content length if it can have no body and has none', () => {
    assert.deepEqual(requestOf('DELETE /a').headers, []);
    assert.deepEqual(requestOf('DELETE /a', '', '\u00e4').headers, [['Content-Length', '2']]);
  });

  it('keeps its JSON as it is written, without the empty lines around it and without comments', () => {
    const { body } = requestOf(
      'POST /a',
      'Content-Type: application/json',
      '',
      '',
      '{ "a": {"b":1},',
      '// a comment',
      '',
      '  "c": "x  " }',
      '',
      '# the end',
      '',
    );
    assert.equal(body, '{ "a": {"b":1},\n\n  "c": "x  " }');
  });

  it('joins the fields of a form, at either end of a line', () => {
    const { body } = requestOf(
      'POST /a',
      'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
      '',
      'a=1 &',
      '  b=two words',
      '&c=\u00e4',
    );
    assert.equal(body, 'a=1&b=two%20words&c=%C3%A4');
  });

  it('may contain a batch of requests, if its type says so', () => {
    const { body } = requestOf(
      'POST /batch',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'GET /a HTTP/1.1',
      '',
      '--b--',
    );
    assert.equal(body, '--b\r\n\r\nGET /a HTTP/1.1\r\n\r\n--b--\r\n');
  });

  it('reads lines with any ending, and a file with a mark of its byte order', () => {
    const { requests } = scenarioOf('\uFEFF# @together 2\r\nPOST /a\rAccept: */*\n');
    assert.deepEqual(requests[0]!.headers[0]!.name, 'Accept');
  });

  it('encodes user and password of Basic, and leaves what is encoded', () => {
    const value = (text: string) => requestOf('GET /a', `Authorization: ${text}`).headers[0]![1];
    assert.equal(value('Basic ann:a:b c'), `Basic ${btoa('ann:a:b c')}`);
    assert.equal(value('basic ann secret'), `Basic ${btoa('ann:secret')}`);
    assert.equal(value('Basic YW5uOnNlY3JldA=='), 'Basic YW5uOnNlY3JldA==');
  });

  it('refuses a value that would make another header', () => {
    const scenario = scenarioOf(...GROUP, '# @probe', 'GET /a', 'X-A: {{$processEnv A}}');
    const { requests } = scenario;
    const build = () => buildRequest(requests[1]!, trialOf(scenario, { A: 'a\r\nX-B: b' }).of(requests[1]!));
    assert.throws(build, ExpandError);
  });
});

describe('a reference', () => {
  const answered = (body: string, ...lines: string[]) => {
    const scenario = scenarioOf(
      '### login',
      '# @setup',
      'POST /login',
      '###',
      ...GROUP,
      '# @probe',
      'POST /a',
      '',
      ...lines,
    );
    const trial = trialOf(scenario);
    trial.responses.set('login', { status: 200, headers: [['Location', '/me']], body });
    return sentBy(scenario, 2, trial).body;
  };

  it('takes values from answers', () => {
    const json = '{"token":"t","n":1,"deep":[{"x":null}],"all":[1,2]}';
    const values: Array<[reference: string, value: string]> = [
      ['login.response.body.$.token', 't'],
      ['login.response.body.token', 't'],
      ["login.response.body['token']", 't'],
      ['login.response.body.$.deep[0]', '{"x":null}'],
      ['login.response.body.$.all[*]', '[1,2]'],
      ['login.response.body.*', json],
      ['login.response.body', json],
      ['login.response.headers.location', '/me'],
      ['login.n', '1'],
      ['login.deep[0].x', 'null'],
      ["login['token']", 't'],
      ['login', json],
    ];
    for (const [reference, value] of values)
      assert.equal(answered(json, `{{ ${reference} }}`), value, reference);
    assert.equal(answered(json, '{"a":{"b":{{login.n}}}}'), '{"a":{"b":1}}');
    assert.equal(answered(json, '{{{login.n}}}'), '{1}');
  });

  it('without a value says where, and which answer', () => {
    const failing = (body: string, reference: string, message: string) =>
      assert.throws(() => answered(body, 'x', `{{${reference}}}`), {
        message,
        place: { file: 'a.http', line: 12 },
      });
    failing('{}', 'login.token', 'The answer of login (200) has no value for {{login.token}}');
    failing('<p>', 'login.token', 'The answer of login (200) has no JSON body');
    failing('', 'login.response.headers.X-A', 'The answer of login (200) has no header X-A');
  });

  it('means the variable above it, else the one below', () => {
    const scenario = scenarioOf(
      '@a = 1',
      '@a = {{a}}2',
      ...GROUP,
      '# @probe',
      'GET /{{a}}/{{b}}',
      '###',
      '@a = 3',
      '@b = {{a}}',
    );
    assert.equal(sentBy(scenario, 1).path, '/12/3');
  });

  it('means a variable with a dot before the field of an answer', () => {
    const scenario = scenarioOf(
      '@login.token = own',
      '### login',
      'POST /login',
      '###',
      ...GROUP,
      '# @probe',
      'GET /{{login.token}}',
    );
    assert.equal(sentBy(scenario, 2).path, '/own');
    assert.equal(scenario.requests[0]!.sent, false);
  });

  it('to a random value depends on the seed and on the request, not on the order of sending', () => {
    const scenario = scenarioOf(
      '@id = {{$guid}}',
      ...GROUP,
      '# @probe',
      'GET /{{$guid}}/{{$randomInt 5 7}}/{{id}}',
      '###',
      '# @probe',
      'GET /{{$uuid}}/{{$randomInt}}/{{id}}',
    );
    const trial = trialOf(scenario);
    const [first, second] = [sentBy(scenario, 1, trial).path, sentBy(scenario, 2, trial).path];
    assert.match(
      first,
      /^\/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\/[56]\/[\da-f-]{36}$/,
    );
    assert.match(second, /^\/[\da-f-]{36}\/\d{1,3}\/[\da-f-]{36}$/);
    assert.notEqual(first.split('/')[1], second.split('/')[1]);
    assert.equal(first.split('/')[3], second.split('/')[3], 'a variable has one value in a trial');
    const again = trialOf(scenario);
    assert.deepEqual([sentBy(scenario, 2, again).path, sentBy(scenario, 1, again).path], [second, first]);
    const request = scenario.requests[1]!;
    assert.notEqual(buildRequest(request, again.of(request, 1)).path, first, 'a copy has its own');
  });

  it('to the time is the time of the trial, moved as asked', () => {
    const values: Array<[reference: string, value: string]> = [
      ['$timestamp', String(NOW / 1000)],
      ['$timestamp -3 d', String(NOW / 1000 - 3 * 86_400)],
      ['$timestamp 1500 ms', String(NOW / 1000 + 1)],
      ['$datetime iso8601 1 y', '2031-01-02T03:04:05.000Z'],
      ['$datetime iso8601 -1 Q', '2029-10-02T03:04:05.000Z'],
      ['$isoTimestamp', '2030-01-02T03:04:05.000Z'],
    ];
    for (const [reference, value] of values) assert.equal(answered('', `{{${reference}}}`), value, reference);
  });

  it('that is not closed is a mistake', () => {
    assert.deepEqual(
      mistakesBelow('POST /a', '', 'x {{a', '}}').map((text) => text.split('. ')[0]),
      ['7: A {{ has no }} in its line'],
    );
  });
});
