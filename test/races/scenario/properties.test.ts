import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nearestName } from '../../../src/races/scenario/nearest-name.ts';
import { parseScenario } from '../../../src/races/scenario/parse-scenario.ts';
import { problemText } from '../../../src/races/scenario/place.ts';
import { scenarioOf, sentBy } from './scenario-of.ts';

/** Pieces of lines that mean something. */
const PIECE = fc.constantFrom(
  ...[
    '###',
    '# @',
    '// @',
    '@',
    'together',
    'setup',
    'probe',
    'name',
    'after',
    'mask',
    'warm',
    'busy',
    'settle',
  ],
  ...[
    'accept',
    'schedule',
    'client',
    'timeout',
    ' ',
    ' ',
    '\n',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '=',
    ':',
    '3',
    '409',
    'a',
  ],
  ...[
    'GET',
    'POST',
    '/',
    'http://',
    'localhost',
    ':80',
    'ws://',
    'HTTP/1.1',
    '?',
    '&',
    '{{',
    '}}',
    '{{a}}',
    '{{a.b}}',
  ],
  ...[
    '.response.body.$',
    '.response.headers.',
    '$guid',
    '$randomInt',
    '$dotenv',
    '$',
    '..',
    '[*]',
    '[0]',
    "['a']",
  ],
  ...[
    '< ',
    '<@ ',
    '<> ',
    '> ',
    '{%',
    '%}',
    '?? ',
    '/x/',
    '/(/',
    'Content-Type',
    'multipart/form-data',
    '\0',
    '\ud800',
  ],
);
const TEXT = fc.array(fc.oneof({ weight: 9, arbitrary: PIECE }, fc.string({ unit: 'binary' })), {
  maxLength: 60,
});

describe('the parser of scenarios', () => {
  it('reads any text without an exception, and tells mistakes of its lines in one line each', () => {
    const property = fc.property(TEXT, (pieces) => {
      const text = pieces.join('');
      const { scenario, problems } = parseScenario(text, 'a.http', new Map([['a', Buffer.from(text)]]));
      assert.equal(scenario === undefined, problems.length > 0);
      for (const problem of problems) {
        assert.match(problem.what, /[^.]$/);
        assert.ok(problem.line >= 1);
        assert.ok(!/[\r\n]/.test(problemText(problem)), problemText(problem));
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('gives back the scenario that was written', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
    const value = fc.stringMatching(/^[!-zà-ÿ|~]([ -zà-ÿ|~]{0,12}[!-z|~])?$/);
    const request = fc.record({
      role: fc.constantFrom('setup', 'probe', 'reset'),
      client: fc.option(word, { nil: '' }),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
      path: fc.array(word, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
      headers: fc.array(
        fc.tuple(
          word.map((name) => `X-${name}`),
          value,
        ),
        { maxLength: 3 },
      ),
      body: fc.array(
        word.map((text) => `{"a": "${text}"}`),
        { maxLength: 3 },
      ),
      warm: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      busy: fc.uniqueArray(fc.integer({ min: 400, max: 599 }), { maxLength: 3 }),
      sign: fc.constantFrom('#', '//', '#  '),
    });
    const property = fc.property(
      fc.array(request, { minLength: 1, maxLength: 5 }),
      word,
      (written, title) => {
        const lines = written.flatMap(({ role, client, method, path, headers, body, warm, busy, sign }) => [
          `### ${title} ${role}`,
          `${sign} @${role}`,
          ...(client === '' ? [] : [`${sign} @client ${client}`]),
          ...(warm === undefined ? [] : [`${sign}@warm ${warm}`]),
          ...busy.map((code) => `${sign} @busy ${code}`),
          `${method} ${path}`,
          ...headers.map(([name, text]) => `${name}: ${text}`),
          '',
          ...body,
          '',
        ]);
        const scenario = scenarioOf('# @together 2', 'POST /group', '', ...lines);
        assert.equal(scenario.requests.length, written.length + 1);
        for (const [index, expected] of written.entries()) {
          const { role, client, warm, busy, title: found, line } = scenario.requests[index + 1]!;
          const its = { role, client, warm, busy, found };
          const { sign: _, method, path, headers, body, ...rest } = expected;
          assert.deepEqual(its, { ...rest, found: `${title} ${role}` });
          assert.equal(lines[line - 4], `${method} ${path}`);
          const sent = sentBy(scenario, index + 1);
          assert.deepEqual([sent.method, sent.path, sent.body], [method, path, body.join('\n')]);
          assert.deepEqual(
            sent.headers.filter(([name]) => name.startsWith('X-')),
            headers,
          );
        }
      },
    );
    fc.assert(property);
  });
});

describe('the nearest name', () => {
  const known = ['setup', 'together', 'probe', 'settle'];

  it('is within two mistakes', () => {
    assert.equal(nearestName('togehter', known), 'together');
    assert.equal(nearestName('Probe', known), 'probe');
    assert.equal(nearestName('setpu', known), 'setup');
    assert.equal(nearestName('nonsense', known), undefined);
    assert.equal(nearestName('x', known), undefined);
  });

  it('is found for every word with one letter too many', () => {
    const property = fc.property(
      fc.constantFrom(...known),
      fc.nat(8),
      fc.constantFrom('x', '-'),
      (word, at, letter) => {
        assert.equal(nearestName(`${word.slice(0, at)}${letter}${word.slice(at)}`, known), word);
      },
    );
    fc.assert(property);
  });
});
