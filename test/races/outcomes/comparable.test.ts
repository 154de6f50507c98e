import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { comparable } from '../../../src/races/outcomes/comparable.ts';
import { answerText } from '../../../src/races/outcomes/form.ts';
import type { Mask } from '../../../src/races/scenario/types.ts';
import type { Answer } from '../../../src/races/types.ts';
import { html, json, NOW_MS } from './support.ts';

const textOf = (answer: Answer, rules: readonly Mask[] = []): string =>
  answerText(comparable(answer, rules, NOW_MS));
const same = (one: Answer, other: Answer, rules: readonly Mask[] = []): void =>
  assert.equal(textOf(one, rules), textOf(other, rules));
const differ = (one: Answer, other: Answer, rules: readonly Mask[] = []): void =>
  assert.notEqual(textOf(one, rules), textOf(other, rules));
const redirect = (to: string): Answer => ({ request: 0, status: 302, headers: [['Location', to]], body: '' });
const cookie = (...values: string[]): Answer => ({
  request: 0,
  status: 200,
  headers: values.map((value) => ['Set-Cookie', value] as const),
  body: '',
});

describe('answers are compared', () => {
  it('without the order of members, with the order of lists', () => {
    same(json(200, { a: 1, b: [1, 2] }), json(200, { b: [1, 2], a: 1 }));
    differ(json(200, { b: [1, 2] }), json(200, { b: [2, 1] }));
    differ(json(200, { a: 1 }), json(201, { a: 1 }));
    differ(json(200, { a: 1 }), json(200, { a: '1' }));
  });

  it('as JSON without a type that says so, if it is an object or a list', () => {
    same(html('{"a":1,"b":2}'), html('{ "b": 2, "a": 1 }'));
    differ(html('"a"'), html('"a" '));
    differ(html('{"a":1,}'), html('{"a":1, }'));
  });

  it('by Location without a loopback origin', () => {
    same(
      redirect('http://localhost:3000/orders/1?x=1#top'),
      redirect('http://127.0.0.1:41234/orders/1?x=1#top'),
    );
    same(redirect('http://[::1]:3000/'), redirect('/'));
    same(redirect('http://localhost:3000'), redirect('/'));
    differ(redirect('/orders/1'), redirect('/orders/2'));
    differ(redirect('http://shop.example/'), redirect('/'));
    differ(redirect('/'), { ...redirect('/'), headers: [] });
  });

  it('by the names of cookies, deleted ones apart', () => {
    same(cookie('sid=a1; Path=/', 'theme=dark'), cookie('theme=light', 'sid=b2; HttpOnly'));
    differ(cookie('sid=a1'), cookie('sid=; Max-Age=0'));
    same(cookie('sid=; Max-Age=0'), cookie('sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'));
    differ(cookie('sid=a'), cookie());
  });

  it('without other headers', () => {
    const [one, other] = [
      json(200, {}, [
        ['ETag', '"1"'],
        ['Date', 'x'],
      ]),
      json(200, {}, [['ETag', '"2"']]),
    ];
    same(one, other);
  });

  it('by the kind of a failure, not by how much came before it', () => {
    const failed = (failure: Answer['failure'], body: string): Answer => ({
      ...html(body),
      failure: failure!,
    });
    same(failed('cut', '<p>a'), failed('cut', '<p>'));
    differ(failed('cut', ''), failed('timeout', ''));
    differ(failed('died', ''), html(''));
  });
});

describe('times of a clock', () => {
  it('near the run are not compared, in any form', () => {
    same(
      json(200, {
        at: '2026-03-04T10:20:30.123Z',
        ms: 1772619630123,
        s: 1772619630,
        note: 'until 2026-03-04 12:00',
      }),
      json(200, {
        at: '2026-03-04T10:20:31.001Z',
        ms: 1772619631001,
        s: 1772619631,
        note: 'until 2026-03-04 12:01',
      }),
    );
    same(
      html(
        '<p>Wed, 04 Mar 2026 10:20:30 GMT</p><i>Wed Mar 04 2026 10:20:30 GMT+0000 (UTC)</i> 3/4/2026, 10:20:30 AM',
      ),
      html(
        '<p>Wed, 04 Mar 2026 10:20:31 GMT</p><i>Wed Mar 04 2026 10:20:31 GMT+0000 (UTC)</i> 3/4/2026, 10:20:31 AM',
      ),
    );
    same(html('rendered in 3 ms'), html('rendered in 12.5 ms'));
    same(json(200, { tookMs: 3, response_time: 0.4 }), json(200, { tookMs: 9, response_time: 0.9 }));
  });

  it('far from it are data', () => {
    differ(json(200, { at: '2020-03-04T08:20:30Z' }), json(200, { at: '2020-03-04T08:20:31Z' }));
    differ(json(200, { day: '2026-03-04' }), json(200, { day: '2026-03-05' }));
    differ(json(200, { total: 1234567890 }), json(200, { total: 1234567891 }));
    differ(json(200, { time: 3 }), json(200, { time: 4 }));
    differ(json(200, { duration: 30 }), json(200, { duration: 60 }));
  });

  it('keep that they are there', () => {
    differ(json(200, { at: '2026-03-04T10:20:30.123Z' }), json(200, { at: null }));
  });
});

describe('a mask of the scenario', () => {
  it('takes out a path, and nothing else', () => {
    const rules: Mask[] = [{ kind: 'path', path: '$.items[*].id' }];
    same(
      json(200, { items: [{ id: 1, n: 1 }], id: 3 }),
      json(200, { items: [{ id: 2, n: 1 }], id: 3 }),
      rules,
    );
    same(json(200, { items: [{ id: 1, n: 1 }] }), json(200, { items: [{ n: 1 }] }), rules);
    differ(json(200, { items: [{ id: 1, n: 1 }] }), json(200, { items: [{ id: 1, n: 2 }] }), rules);
    differ(json(200, { items: [], id: 3 }), json(200, { items: [], id: 4 }), rules);
  });

  it('knows every form of a path', () => {
    const forms: Array<[string, unknown, unknown]> = [
      ['$.a.*.b', { a: { x: { b: 1 } } }, { a: { x: { b: 2 } } }],
      ['$.a.*', [], []],
      ["$['odd name'][0]", { 'odd name': [1, 2] }, { 'odd name': [3, 2] }],
      ['$..token', { a: [{ token: 1 }], token: 2 }, { a: [{ token: 3 }], token: 4 }],
      ['$', { a: 1 }, [2]],
      ['$..*', { a: 1 }, { a: 2 }],
      ['$.x.y', { x: { y: 1 } }, { x: { y: { z: 2 } } }],
    ];
    for (const [path, one, other] of forms) same(json(200, one), json(200, other), [{ kind: 'path', path }]);
    differ(json(200, { ab: 1 }), json(200, { ab: 2 }), [{ kind: 'path', path: '$.a' }]);
  });

  it('takes out a header, the body, or what an expression finds', () => {
    same(redirect('/a'), redirect('/b'), [{ kind: 'header', name: 'location' }]);
    same(cookie('a=1'), cookie('b=1'), [{ kind: 'header', name: 'Set-Cookie' }]);
    same(html('a'), html('b'), [{ kind: 'body' }]);
    differ(html('a'), html('b', 201), [{ kind: 'body' }]);
    const rules: Mask[] = [{ kind: 'text', pattern: /build \w+/g }];
    same(html('<i>build a1</i> 1'), html('<i>build b2</i> 1'), rules);
    differ(html('<i>build a1</i> 1'), html('<i>build a1</i> 2'), rules);
    const inJson: Mask[] = [{ kind: 'text', pattern: /(?<="n":)\d+/g }];
    same(html('{"n":1,"m":2}'), html('{"m":2,"n":7}'), inJson);
  });

  it('never hides a difference outside of its path', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (masked, kept, name) => {
        fc.pre(name !== '' && name !== 'masked');
        const rules: Mask[] = [{ kind: 'path', path: '$.masked' }];
        const one = textOf(json(200, { masked, [name]: kept }), rules);
        assert.equal(one, textOf(json(200, { masked: 'other', [name]: kept }), rules));
        assert.notEqual(one, textOf(json(200, { masked, [name]: [kept, kept] }), rules));
      }),
    );
  });
});
