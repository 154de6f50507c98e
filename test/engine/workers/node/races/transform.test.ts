import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import { transform } from '../../../../../src/engine/workers/node/races/transform.ts';

const FILE = '/app/redeem.js';
const NAME = '__concurrentServerRaces__';

function marked(source: string, module: 'commonjs' | 'module' = 'commonjs') {
  const result = transform(source, { file: FILE, module });
  assert.ok(result, `nothing to mark in: ${source}`);
  const register = new RegExp(
    `globalThis\\.${NAME}\\?\\?=\\{[^;]*;${NAME}\\.register\\("(\\w+)",(\\[.*?\\]),"${FILE}"\\);`,
  );
  const [text, key, entries] = register.exec(result.code)!;
  assert.deepEqual(JSON.parse(entries!), result.sites);
  const code = result.code.replace(text, '').replaceAll(`,"${key}",`, ',#').replaceAll(NAME, '$');
  return { code, sites: result.sites, whole: result.code };
}

/** Names of the functions that the sites of this source are in. */
const names = (source: string): string[] => marked(source, 'module').sites.map(({ fn }) => fn);
const kinds = (source: string): string[] => marked(source).sites.map(({ kind }) => kind);

function lines(text: string): number {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).length;
}

describe('transform', () => {
  const inAsync = (body: string): string => `async function f() { ${body} }`;
  const bodies: Array<[string, string]> = [
    ['await x', 'await $.a( x,#0)'],
    ['await x;', 'await $.a( x,#0);'],
    ['await(x)', 'await $.a((x),#0)'],
    ['await (a, b)', 'await $.a( (a, b),#0)'],
    ['await/* why */x', 'await $.a(/* why */x,#0)'],
    ['await // why\n x', 'await $.a( // why\n x,#0)'],
    ['await"x"', 'await $.a("x",#0)'],
    ['await[1]', 'await $.a([1],#0)'],
    ['await await x', 'await $.a( await $.a( x,#1),#0)'],
    ['await f(await x)', 'await $.a( f(await $.a( x,#1)),#0)'],
    ['(await x) ** 2', '(await $.a( x,#0)) ** 2'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ['`${await x}${[await y]}`', '`${await $.a( x,#0)}${[await $.a( y,#1)]}`'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ['await x`${await y}`', 'await $.a( x`${await $.a( y,#1)}`,#0)'],
    ['return await async function () {}', 'return await $.a( async function () {},#0)'],
    ['await (() => x)', 'await $.a( (() => x),#0)'],
    ['const { a = await x } = y', 'const { a = await $.a( x,#0) } = y'],
    ['for await (const x of y) z', 'for await (const x of $.i(y,#0)) z'],
    ['for await (const x of[y]) z', 'for await (const x of $.i([y],#0)) z'],
    ['for await (const x of (a, b)) z', 'for await (const x of ($.i((a, b),#0))) z'],
    ['for (const x of await y) z', 'for (const x of await $.a( y,#0)) z'],
  ];
  for (const [body, expected] of bodies) {
    it(`marks the await in ${JSON.stringify(body)}`, () => {
      assert.equal(marked(inAsync(body)).code, inAsync(expected));
    });
  }

  const callbacks: Array<[string, string]> = [
    ['f(x, () => {})', 'f(x, $.v(() => {},#0))'],
    ['f(function () {})', 'f($.v(function () {},#0))'],
    ['f((x => x))', 'f(($.c(x => x,#0)))'],
    ['f?.(x => x)', 'f?.($.c(x => x,#0))'],
    ['f(x => (a, b))', 'f($.c(x => (a, b),#0))'],
    ['f(() => g(() => {}))', 'f($.c(() => g($.v(() => {},#1)),#0))'],
    ['f({ done: () => {} })', 'f({ done: $.k({"done":() => {}}["done"],#0) })'],
    ['f({ a: { "b-c": function () {} } })', 'f({ a: { "b-c": $.k({"b-c":function () {}}["b-c"],#0) } })'],
    ['new F({ done: () => {} })', 'new F({ done: $.k({"done":() => {}}["done"],#0) })'],
    ['x.find({}, () => {})', 'x.find({}, $.v(() => {},#0))'],
    ['a.then(f)', '$.t(a,#0).then(f)'],
    ['a.b(c).then(x => x)', '$.t(a.b(c),#0).then(x => x)'],
    ['a.then(f).catch(g)', '$.t($.t(a,#1).then(f),#0).catch(g)'],
    ['(a, b).finally(f)', '($.t((a, b),#0)).finally(f)'],
    ['(a?.b).then(f)', '($.t(a?.b,#0)).then(f)'],
    ['a?.b.then(x => x)', 'a?.b.then($.c(x => x,#0))'],
    ['typeof[a].then(f)', 'typeof $.t([a],#0).then(f)'],
    ['import("a").then(f)', '$.t(import("a"),#0).then(f)'],
    ['new (a.then(f))()', 'new ($.t(a,#0).then(f))()'],
  ];
  for (const [source, expected] of callbacks) {
    it(`marks ${source}`, () => assert.equal(marked(source).code, expected));
  }

  const untouched = [
    'const f = () => {}',
    'function f() {}',
    'new Promise((resolve) => resolve())',
    'x.map(() => 1)',
    'x.forEach(function () {})',
    'f(function* () {})',
    'f({ done() {}, get a() { return 1 }, __proto__: () => {}, [x]: () => {} })',
    'Object.defineProperty(exports, "a", { enumerable: true, get: function () { return a } })',
    '__export(exports, { a: () => a })',
    'const f = __name(() => {}, "f")',
    'new Proxy({}, { get: () => 1 })',
    'page.evaluate(() => fetch("/").then((r) => r.text()))',
    'class A extends B { then(f) { return super.then(f) } }',
    'a?.then(f)',
    'new a.then(() => {})',
    'f(listener)',
    '',
    '"use strict"',
    'const x = (',
    'const a = <div onClick={() => {}} />',
    'class A { @dec() m() { f(() => {}) } }',
    'interface A { then(): void }',
  ];
  for (const source of untouched) {
    it(`leaves ${JSON.stringify(source)}`, () => {
      assert.equal(transform(source, { file: FILE, module: 'commonjs' }), undefined);
    });
  }

  it('leaves an await at the top level of a module, which belongs to no request', () => {
    assert.equal(
      transform('await x; for await (const y of z);', { file: FILE, module: 'module' }),
      undefined,
    );
    assert.equal(marked('await f(() => {})', 'module').code, 'await f($.v(() => {},#0))');
  });

  it('takes `await` for a name where it is one', () => {
    assert.equal(
      marked('var await = 1; f(await, () => await)').code,
      'var await = 1; f(await, $.c(() => await,#0))',
    );
  });

  it('marks what compilers make of await for an old target', () => {
    const source = '__awaiter(this, void 0, void 0, function* () { yield; const x = yield (a, b); })';
    const expected = source.replace('yield (a, b)', 'yield $.a( (a, b),#0)');
    assert.equal(marked(source).code, expected);
    assert.equal(transform('function* f() { yield x; }', { file: FILE, module: 'commonjs' }), undefined);
  });

  it('accepts a return at the top level, HTML comments, and a byte order mark', () => {
    assert.match(marked('<!-- old\nf(() => {}); return').code, /\$\.v/);
    assert.match(marked('\ufefff(() => {})').code, /\$\.v/);
  });

  it('keeps a shebang and directives first', () => {
    const source = '#!/usr/bin/env node\n"use strict"\n\'use client\'; f(() => {})';
    const { whole } = marked(source);
    assert.ok(whole.startsWith(`#!/usr/bin/env node\n"use strict"\n'use client'; globalThis.${NAME}`));
    assert.equal(lines(whole), lines(source));
  });

  it('keeps a link to a source map last', () => {
    const source = 'f(() => {})\n//# sourceMappingURL=a.js.map';
    assert.ok(marked(source).whole.endsWith('\n//# sourceMappingURL=a.js.map'));
  });

  it('does not mark twice', () => {
    const { whole } = marked('f(() => {})');
    assert.equal(transform(whole, { file: FILE, module: 'commonjs' }), undefined);
  });

  it('gives each version of each file a key of its own', () => {
    const keyOf = (source: string, file: string): string =>
      /register\("(\w+)"/.exec(transform(source, { file, module: 'commonjs' })!.code)![1]!;
    const keys = [
      keyOf('f(() => {})', '/a.js'),
      keyOf('f(() => {});', '/a.js'),
      keyOf('f(() => {})', '/b.js'),
    ];
    assert.equal(new Set(keys).size, 3);
    assert.equal(keyOf('f(() => {})', '/a.js'), keys[0]);
  });

  it('says where a site is, in lines of JavaScript', () => {
    const { sites } = marked('async function f() {\r\n  x;\u2028 await y;\n  a\n    .then(b); }');
    assert.deepEqual(
      sites.map(({ line, column }) => [line, column]),
      [
        [3, 8],
        [5, 6],
      ],
    );
  });

  it('says where a site comes from if the code was compiled', () => {
    const original = (line: number) => ({ line: line + 10, column: 3, source: '/app/redeem.ts' });
    const { sites } = transform('f(() => {})', { file: FILE, module: 'commonjs', original })!;
    assert.deepEqual(sites, [
      { line: 11, column: 3, source: '/app/redeem.ts', fn: '', label: 'f(…', kind: 'callback' },
    ]);
  });
});

describe('the name of a function', () => {
  const sources: Array<[string, string]> = [
    ['async function redeem() { await x }', 'redeem'],
    ['const redeem = async () => { await x }', 'redeem'],
    ['exports.redeem = async () => { await x }', 'redeem'],
    ['const o = { async redeem() { await x } }', 'redeem'],
    ['const o = { redeem: async () => { await x } }', 'redeem'],
    ['class Shop { async redeem() { await x } }', 'Shop.redeem'],
    ['class Shop { async #redeem() { await x } }', 'Shop.redeem'],
    ['class Shop { redeem = async () => { await x } }', 'Shop.redeem'],
    ['const Shop = class { static async redeem() { await x } }', 'Shop.redeem'],
    ['export default async () => { await x }', 'default'],
    ['module.exports = async () => { await x }', ''],
    ['const redeem = __name(async () => { await x }, "redeem")', 'redeem'],
    ['async function redeem() { return new Promise(async (r) => { await x }) }', 'redeem'],
    ['async function redeem() { const rows = items.map(async (i) => { await x }) }', 'redeem'],
    [
      'class Shop { redeem() { return __awaiter(this, void 0, void 0, function* () { yield x }) } }',
      'Shop.redeem',
    ],
  ];
  for (const [source, name] of sources) {
    it(`is ${JSON.stringify(name)} in ${source}`, () => assert.deepEqual(names(source), [name]));
  }
  const nested: Array<[string, string[]]> = [
    ["app.post('/apply/:id', auth, async () => { await x })", ['post_/apply/_id', 'post_/apply/_id']],
    ["app.post('/apply', wrap(async () => { await x }))", ['post_/apply', 'post_/apply']],
    ["router.route('/apply').post(async () => { await x })", ['post_/apply', 'post_/apply']],
    ["async function redeem() { fetch('/apply').then(async () => { await x }) }", ['redeem', 'redeem']],
    ["socket.on('message', async () => { await x })", ['on_message', 'on_message']],
    ['const redeem = wrap(async () => { await x })', ['redeem', 'redeem']],
    ['f({ redeem: async () => { await x } })', ['redeem', 'redeem']],
    ["function redeem() { db.run('UPDATE t SET a = 1', (error) => f(() => {})) }", ['redeem', 'redeem']],
  ];
  for (const [source, expected] of nested) {
    it(`is ${expected[0]} in ${source}`, () => assert.deepEqual(names(source), expected));
  }
  it('has only characters that a token may have, and not too many of them', () => {
    fc.assert(
      fc.property(fc.string(), (route) => {
        for (const name of names(`app.get(${JSON.stringify(route)}, async () => { await x })`)) {
          assert.match(name, /^[\w./-]{0,40}$/);
        }
      }),
    );
  });
});

describe('the label and the kind of a site', () => {
  it('is its source in one line of at most 80 characters', () => {
    const [site] = marked(`async () => { await db.query(\n  'SELECT   1', ${'a'.repeat(100)}) }`).sites;
    assert.match(site!.label, /^db\.query\( 'SELECT 1', a+…$/);
    assert.equal(site!.label.length, 80);
    assert.equal(marked("db.get('SELECT 1', () => {})").sites[0]!.label, "db.get('SELECT 1', …");
  });
  const queries = [
    'db.query(q)',
    'this.pool.query(q)',
    'client.$transaction([])',
    'prisma.user.findMany()',
    'this.prisma.user.groupBy()',
    'sql`SELECT 1`',
    'prisma.$queryRaw`SELECT 1`',
    "knex('t').where({ a: 1 })",
    'Coupon.findOneAndUpdate({}).exec()',
    'coupon.save()',
    "redis.get('a')",
    'db?.query(q)',
  ];
  for (const text of queries) {
    it(`is a query: ${text}`, () => assert.deepEqual(kinds(`async () => { await ${text} }`), ['query']));
  }
  for (const text of [
    'fetch(u)',
    'axios.get(u)',
    'Promise.all([])',
    'req.get(h)',
    'cartMap.get(k)',
    'x',
    'f()',
  ]) {
    it(`is no query: ${text}`, () => assert.deepEqual(kinds(`async () => { await ${text} }`), ['await']));
  }
  it('tells a query with a callback from a route', () => {
    assert.deepEqual(kinds("db.get('SELECT 1', () => {}); app.get('/', () => {}); shop.get('/', () => {})"), [
      'query',
      'callback',
      'callback',
    ]);
    assert.deepEqual(kinds('db.query(q).then(f); f().then(g)'), ['query', 'await']);
  });
});

/** Programs with much of what may stand around an await, a callback or a chain. Their value is the same each time. */
const program = fc.letrec<{ any: string; sync: string }>((tie) => {
  const e = tie('any');
  const s = tie('sync');
  const of = (text: string, ...parts: Array<fc.Arbitrary<string>>): fc.Arbitrary<string> =>
    fc.tuple(...parts).map((values) => values.reduce((t, value) => t.replace('E', () => value), text));
  const plain = fc.constantFrom('1', '"s"', 'n', 'null', '[n]', '/r/.source', '`t`', 'this.v');
  const pieces = (x: fc.Arbitrary<string>): Array<fc.Arbitrary<string>> => [
    of('(E, E)', x, x),
    of('[E,...[E]]', x, x),
    of('`$' + '{E}`', x),
    of('(E ? E : E)', x, x, x),
    of('call(E, x => [x, E])', x, s),
    of('call(E, (function (x) { return this === undefined ? x : E; }))', x, s),
    of('call(E, function () { return arguments.length })', x),
    of('options({ run: () => E, name: E, deep: { run: function () { return E } } })', s, x, s),
    of('({ a: E, ["b"]: E, m(x = E) { return x } }).m()', x, x, s),
    of('new (class A { f = () => E; static g = E })().f()', s, s),
    of('(() => { for (const x of[E]) return[x]; })()', s),
    of('[...(function* () { yield call(E, x => x); yield* [E] })()]', s, s),
    of('[E].map(x => call(x, y => y))', x),
    of('call(\n  E // comment\n  , /* => */ x => x)', x),
    of('typeof[E]', x),
    of('(E)?.missing?.then(x => x)', x),
  ];
  return {
    sync: fc.oneof({ depthSize: 'small' }, plain, ...pieces(s)),
    any: fc.oneof(
      { depthSize: 'small' },
      plain,
      ...pieces(e),
      of('await E', e),
      of('await(E, E)', e, e),
      of('await/*\n*/E', e),
      of('(await E)', e),
      of('await (async () => E)()', e),
      of('await (async x => await E)()', e),
      of('await later(E).then(x => [x, E]).finally(() => {})', e, s),
      of('await[later(E)][0].then(async function named(x) { return await E })', e, e),
      of('await later(E).then(() => { throw E }).catch((x) => ["caught", x])', e, s),
      of(
        'await (async () => { const found = []; for await (const x of[E, later(E)]) found.push(x); return found })()',
        e,
        e,
      ),
      of('await (async () => { let a; ({ a = await E } = {}); return a })()', e),
      of('await __awaiter(function* () { const x = yield E; return x })', s),
    ),
  };
});

const PRELUDE = [
  'const later = (x) => new Promise((resolve) => setImmediate(() => resolve(x)));',
  'const call = (x, f) => f(x);',
  'const options = ({ run, name, deep }) => [run(), run.name, name, deep.run(), deep.run.name];',
  'const __awaiter = async (f) => { const g = f(); let x; for (;;) { const r = g.next(x); if (r.done) return r.value; x = await r.value; } };',
].join(' ');

/** @param held awaits go on in a later turn, and callbacks are wrapped, as the finder does it */
async function run(code: string, strict: boolean, held: boolean): Promise<unknown> {
  let sites = 0;
  const through = (value: unknown, key: unknown, site: unknown): unknown => {
    assert.ok(typeof key === 'string' && typeof site === 'number' && site < sites);
    return value;
  };
  const callback = (value: unknown, key: unknown, site: unknown): unknown => {
    through(value, key, site);
    return held && typeof value === 'function' ? new Proxy(value, {}) : value;
  };
  const runtime = {
    a: (value: unknown, key: unknown, site: unknown) => {
      through(value, key, site);
      if (!held) return value;
      // Listens at once, so that a rejection is not reported as unhandled meanwhile.
      return Promise.allSettled([value, new Promise((resolve) => setImmediate(resolve))]).then(() => value);
    },
    c: callback,
    k: callback,
    n: callback,
    v: callback,
    t: through,
    i: through,
    register: (_key: string, entries: unknown[]) => {
      sites = entries.length;
    },
  };
  const context = { [NAME]: runtime, setImmediate, module: { exports: undefined as unknown } };
  vm.runInNewContext(strict ? `'use strict'; ${code}` : code, context);
  const promise = context.module.exports as Promise<unknown>;
  return promise.then(JSON.stringify, (error) => `failed: ${error}`);
}

describe('marked code', () => {
  it('computes the same, on the same lines', async () => {
    await fc.assert(
      fc.asyncProperty(program.any, fc.boolean(), async (expression, strict) => {
        const source = `${PRELUDE}\nmodule.exports = (async function main(n) {\n  return ${expression}\n}).call({ v: 7 }, 3)\n`;
        const { whole } = marked(source);
        assert.equal(lines(whole), lines(source));
        const value = await run(source, strict, false);
        assert.equal(await run(whole, strict, false), value);
        assert.equal(await run(whole, strict, true), value);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no seconds for a file of a megabyte', () => {
    const part =
      'async function f(a) { const b = await a.query("x"); g(() => { b.then((c) => [c]); }); return { b }; }\n';
    const source = part.repeat(1_000_000 / part.length);
    const started = performance.now();
    assert.equal(
      transform(source, { file: FILE, module: 'commonjs' })!.sites.length,
      3 * (source.length / part.length),
    );
    assert.ok(performance.now() - started < 5000);
  });

  it('is left as it is where it is nested too deeply to be read', () => {
    const source = `f(() => ${'['.repeat(100_000)}${']'.repeat(100_000)})`;
    assert.equal(transform(source, { file: FILE, module: 'commonjs' }), undefined);
  });
});
