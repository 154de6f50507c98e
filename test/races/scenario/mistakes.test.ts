import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mistakesBelow, mistakesOf } from './scenario-of.ts';

const TARGETS = 'Write a path (/cart), or a URL of this machine (http://localhost:3000/cart).';
const SCRIPTS =
  'Scripts are not run. Use {{login.response.body.$.token}} for values of answers; probes take the place of tests.';
const WEBSOCKETS = "WebSockets can't be part of a scenario. Remove this request.";

describe('a mistake in a scenario', () => {
  it('is told with all others, each with its line and what is allowed', () => {
    assert.deepEqual(
      mistakesOf(
        '# @setpu',
        'POST /login',
        'no header',
        '',
        '{"token": "{{tokn}}"}',
        '###',
        '@token = x',
        '# @together two',
        'PSOT http://example.com/apply',
      ),
      [
        '1: @setpu is unknown. Did you mean @setup?',
        '3: "no header" is no header. Write `Name: value`; a body stands below an empty line.',
        '5: {{tokn}} is unknown. Did you mean token? Write `@tokn = value` above, or name a request with `# @name tokn`.',
        '8: @together needs a number of copies, not "two". Allowed are 1 to 99.',
        '9: The method PSOT is unknown. Did you mean POST?',
        `9: example.com is another host, and nothing is sent there. ${TARGETS}`,
      ],
    );
  });

  it('of a file without a group names the line to add', () => {
    assert.deepEqual(mistakesOf('# @setup', 'POST /login', '###', 'GET /a', '###', 'POST /apply'), [
      '6: No request of the file is together with another. Write `# @together 2` above this POST, for two copies at the same time.',
    ]);
    assert.deepEqual(mistakesOf('', '# nothing'), ['1: The file has no request. Write `POST /cart`.']);
  });

  const metadata: Array<[text: string, message: string]> = [
    ['# @prompt pin', 'Nobody is asked during a trial. Write `@name = value`, or {{$processEnv NAME}}.'],
    [
      '# @ref login',
      '@ref is not needed. A request without a role is sent as a setup if another refers to it by {{name…}}.',
    ],
    [
      '# @loop for 3',
      "A request can't be repeated by @loop. Write `# @together 3` for three copies at the same time.",
    ],
    ['# @import ./a.http', "Other files can't be imported. Copy the requests that this scenario needs."],
    ['// @prob', '@prob is unknown. Did you mean @probe?'],
    [
      '# @mask',
      '@mask names nothing. Write `# @mask $.a.*.b`, `# @mask header Name`, `# @mask body`, or `# @mask /regex/`.',
    ],
    [
      '# @mask $.a[',
      'The path $.a[ is not understood from "[" on. A path is made of $, .name, [\'name\'], [0], [*], .* and ..name.',
    ],
    [
      '# @mask /a*/',
      'The expression /a*/ matches the empty text. Write `# @mask $.a.*.b`, `# @mask header Name`, `# @mask body`, or `# @mask /regex/`.',
    ],
    ['# @busy soon', '@busy needs a status code. Write `# @busy 409`.'],
    ['# @settle', '@settle needs a number of ms, not "". Allowed are 0 to 60000.'],
    ['# @warm 0', '@warm needs a number of parallel requests, not "0". Allowed are 1 to 99.'],
    ['# @client', '@client needs a name. Write `# @client bob`.'],
    [
      '# @name a b',
      '@name needs a name. A name has letters, digits, - and _, and starts with a letter or _.',
    ],
    ['# @timeout soon', '@timeout needs a time. Write `# @timeout 10 s`; units are ms, s and m.'],
    ['# @probe 3', '@probe has no value. Write `# @probe`.'],
    [
      '# @accept 1:one',
      '@accept needs a token and a reason. Write `# @accept TOKEN why this is no mistake`.',
    ],
    ['# @schedule', '@schedule needs one token. Write `# @schedule TOKEN`, with a token of a report.'],
    ['@setup', '"@setup" is no variable. Write `# @setup`.'],
    ['@a-b', '"@a-b" is no variable. Write `@name = value`.'],
    [
      '@1 = 2',
      "@1 can't be the name of a variable. A name has letters, digits, -, _ and ., and starts with a letter or _.",
    ],
    ['@a = {{a}}', '{{a}} is unknown. Write `@a = value` above, or name a request with `# @name a`.'],
    ['< ./before.js', SCRIPTS],
  ];
  for (const [text, message] of metadata) {
    it(`is told above a request: ${text}`, () => {
      assert.deepEqual(mistakesBelow(text, 'GET /a'), [`5: ${message}`]);
    });
  }

  const requests: Array<[text: string, message: string]> = [
    ['GET https://example.com/a', `example.com is another host, and nothing is sent there. ${TARGETS}`],
    ['GET example.com:80/a', `example.com:80 is another host, and nothing is sent there. ${TARGETS}`],
    [
      'GET http://localhost.example.com',
      `localhost.example.com is another host, and nothing is sent there. ${TARGETS}`,
    ],
    [
      'GET http://ann@localhost/a',
      'The URL contains a user name. Write it as a header: Authorization: Basic user:password.',
    ],
    ['GET cart', `"cart" is neither a path nor a URL. ${TARGETS}`],
    ['GET', 'GET has no target. Write `GET /path`.'],
    ['GET ftp://localhost/a', `Requests can't use ftp://. ${TARGETS}`],
    ['GET ws://localhost/chat', WEBSOCKETS],
    ['GET wss://{{$processEnv HOST}}/chat', WEBSOCKETS],
    ['WEBSOCKET http://localhost/chat', WEBSOCKETS],
    [
      'GRAPHQL http://localhost/graphql',
      'GRAPHQL requests are not understood. Write a POST with the JSON body { "query": …, "variables": … }.',
    ],
    ['GRPC localhost/shop', 'Only HTTP requests can be part of a scenario. Remove this request.'],
    [
      'curl -X POST http://localhost/a',
      'curl commands are not understood. Write the request as `POST /path`, with a line for each header.',
    ],
    ['import ./other.http', "Other files can't be imported. Copy the requests that this scenario needs."],
    ['GET /{{$guidd}}', '{{$guidd}} is unknown. Did you mean $guid?'],
    ['GET /{{$randomInt 9 1}}', '{{$randomInt 9 1}} is not understood. Write {{$randomInt 1 9}}.'],
    [
      'GET /{{$datetime DD}}',
      '{{$datetime DD}} is not understood. Write {{$datetime iso8601}} or {{$datetime rfc1123 1 d}}.',
    ],
    [
      'GET /{{a.response.body.//b}}',
      "//b is XPath, which is not understood. A path is made of $, .name, ['name'], [0], [*], .* and ..name.",
    ],
    ['GET /{{a.response.body.$.b}}', 'No request is named a. Write `# @name a` above the request.'],
  ];
  for (const [text, message] of requests) {
    it(`is told in a request line: ${text}`, () => {
      assert.deepEqual(mistakesBelow(text), [`5: ${message}`]);
    });
  }

  const heads: Array<[text: string, message: string]> = [
    ['Accept: text/event-stream', "Event streams can't be part of a scenario. Remove this request."],
    ['X-A: 日', 'The value of X-A contains a character that no header can have. Encode it.'],
    ['Upgrade: websocket', WEBSOCKETS],
    [
      'Host: shop.example.com',
      'shop.example.com is another host, and nothing is sent there. Leave this line out.',
    ],
    [
      'X-REQUEST-TYPE: GraphQL',
      'GraphQL bodies are not converted. Write the JSON body { "query": …, "variables": … }.',
    ],
    [
      'Authorization: Digest ann secret',
      'The scheme Digest is not supported. Allowed are Basic, Bearer, and others as written.',
    ],
    [
      '?? status == 200',
      'Tests (??) are not run. Use {{login.response.body.$.token}} for values of answers; probes take the place of tests.',
    ],
  ];
  for (const [text, message] of heads) {
    it(`is told in a head: ${text}`, () => {
      assert.deepEqual(mistakesBelow('GET /a', text), [`6: ${message}`]);
    });
  }

  const bodies: Array<[text: string, message: string]> = [
    ['> {% client.test() %}', SCRIPTS],
    ['> ./check.js', SCRIPTS],
    ['< {% request.variables.set() %}', SCRIPTS],
    ['{{@response', SCRIPTS],
    ['{{response', SCRIPTS],
    ['> ./answer.json', SCRIPTS],
    ['GET /second', 'A second request stands in the body of the first. Write ### above it.'],
    [
      '@a = b',
      'A variable stands in the body of a request. Write it above the request, or write ### above it.',
    ],
    ['<@latin1 ./a.txt', 'The encoding latin1 is not known. Files are UTF-8.'],
    ['< ./{{$guid}}.txt', 'The name of a file contains a reference. Write the name itself.'],
  ];
  for (const [text, message] of bodies) {
    it(`is told in a body: ${text}`, () => {
      assert.deepEqual(mistakesBelow('POST /a', '', text), [`7: ${message}`]);
    });
  }

  it('is a body without an empty line above it, and only once', () => {
    assert.deepEqual(mistakesBelow('POST /a', 'Content-Type: application/json', '{', '  "a": 1', '}'), [
      '7: "{" is no header. Write `Name: value`; a body stands below an empty line.',
    ]);
  });

  it('hides nothing that stands below a script, and the script is not read', () => {
    assert.deepEqual(mistakesBelow('GET /a', '', '> {%', '# @nonsense', '%}', '# @prob'), [
      `7: ${SCRIPTS}`,
      '10: @prob is unknown. Did you mean @probe?',
    ]);
  });

  it('is a role too many, a name too many, and metadata without a request', () => {
    assert.deepEqual(
      mistakesBelow(
        '# @probe',
        '# @setup',
        '# @name a',
        '# @name b',
        'GET /a',
        '###',
        '# @probe',
        '# @mask body',
      ),
      [
        '6: This request is @probe already. A request has one role.',
        '8: This request is named a already. A request has one name.',
        '11: @probe belongs to no request. Write it between the ### above a request and the next ###.',
        '12: @mask belongs to no request. Write it between the ### above a request and the next ###.',
      ],
    );
    assert.deepEqual(mistakesBelow('# @name a', 'GET /a', '### @name b', '# @name a', 'GET /b'), [
      '7: @name b stands beside ###. Write `# @name b` in a line of its own.',
      '9: The request of line 6 is named a as well. Names must differ.',
    ]);
  });

  it('is a variable that needs itself', () => {
    assert.deepEqual(mistakesBelow('@a = {{b}}', '@b = {{a}}', 'GET /{{b}}'), [
      '5: The value of @a needs itself. Write the value without it.',
    ]);
  });
});

describe('an answer that is not there when it is used', () => {
  const ORDER = 'The order is resets, setups, the group, probes; each as in the file.';

  it('is a mistake: of the request itself, of a later one, of one of several copies', () => {
    assert.deepEqual(mistakesBelow('# @probe', '# @name a', 'GET /{{a.x}}'), [
      '7: The request uses its own answer, {{a.x}}. Name another request.',
    ]);
    assert.deepEqual(mistakesBelow('# @setup', 'GET /{{b.x}}', '### b', '# @probe', 'GET /b'), [
      `6: b is sent later than this request. ${ORDER}`,
    ]);
    assert.deepEqual(mistakesBelow('# @reset', 'GET /{{b.x}}', '### b', 'GET /b'), [
      `6: b is sent later than this request. ${ORDER}`,
    ]);
    assert.deepEqual(
      mistakesBelow('# @together 2', '# @name a', 'GET /a', '###', '# @probe', 'GET /{{a.x}}'),
      ['10: a is sent 2 times, so which answer is meant is open. Use a request that is sent once.'],
    );
    assert.deepEqual(
      mistakesBelow('# @setup', '# @name a', 'GET /a', '###', '# @probe', '# @warm 4', 'GET /{{a.x}}'),
      ['11: A request with @warm is sent before all others, so it can use no answer. Write a value.'],
    );
  });

  it('of the same group needs @after, which may be for headers only if only headers are used', () => {
    const using = (reference: string, ...after: string[]) =>
      mistakesOf('### a', '# @together', 'GET /a', '###', '# @together', ...after, `GET /{{${reference}}}`);
    assert.deepEqual(using('a.id'), [
      '6: The answer of a may not be there yet. Write `# @after a end` above this request.',
    ]);
    assert.deepEqual(using('a.response.headers.Location'), [
      '6: The answer of a may not be there yet. Write `# @after a headers` above this request.',
    ]);
    assert.deepEqual(using('a.id', '# @after a headers'), [
      '7: The answer of a may not be there yet. Write `# @after a end` above this request.',
    ]);
    assert.deepEqual(using('a.id', '# @after a end'), []);
    assert.deepEqual(using('a.response.headers.Location', '# @after a headers'), []);
  });

  it('is waited for only in the group, and not in a circle', () => {
    assert.deepEqual(
      mistakesBelow(
        '### a',
        '# @together',
        '# @after b end',
        'GET /a',
        '### b',
        '# @together',
        '# @after a end',
        'GET /b',
      ),
      [
        '7: These requests wait for each other. Remove one @after.',
        '11: These requests wait for each other. Remove one @after.',
      ],
    );
    assert.deepEqual(
      mistakesBelow(
        '### login',
        '# @setup',
        '# @after x end',
        'GET /a',
        '###',
        '# @together',
        '# @after login end',
        'GET /b',
        '###',
        '# @together',
        '# @after logn',
        'GET /c',
      ),
      [
        '7: @after is for requests with @together. The others are sent in the order of the file.',
        '11: login is not @together. Remove the line: the group waits for setups anyway.',
        '15: No request is named logn. Did you mean login? Write `# @name logn` above the request.',
      ],
    );
  });
});
