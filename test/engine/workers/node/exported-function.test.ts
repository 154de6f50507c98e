import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  describeNoHandler,
  noHandler,
} from '../../../../src/engine/workers/node/inside/exported-function.ts';

type Any = (...args: never[]) => unknown;
// Sources, since a bundler would rename the parameters.
const compile = (source: string): Any => new Function(`return ${source}`)() as Any;

const HANDLERS = [
  '(req, res) => res.end()',
  'function (req, res, next) { app.handle(req, res, next) }',
  'async (request, response) => { response.end(request.get("host")) }',
  '(...args) => app(...args)',
  'function () { return app.apply(this, arguments) }',
  '((req, res) => res.end()).bind(null)',
  '(req, { end }) => end()',
  '({ url }, res) => res.end(url)',
  '(fastify, res) => res.end()',
  '(req, res) => handle(req, res)',
  '(req, res) => { const ctx = { req, res }; return run(ctx); }',
  '(req, res) => stream.pipe(res)',
  'async (req, res) => { respond = () => other(req)\n last = res; }',
  '(a, b) => { b.writeHead(200); b.end(a.url); }',
  '(req, $) => { $.end() }',
  '(req, res) => all.push([req, res])',
  '(req, res) => run(req, raw ? raw : res)',
];

const PLUGINS = [
  'async function (fastify, opts) { fastify.get("/", async () => ({ root: true })) }',
  'function (fastify, opts, done) { done() }',
  'async (fastify) => {}',
  'async (fastify, { prefix = "/" } = {}) => {}',
  'async function routes(app, options) { app.post("/x", handler) }',
  'Object.assign((a, b) => {}, { [Symbol.for("skip-override")]: true })',
];

const OTHERS = [
  ['factory', '() => express()'],
  ['factory', 'async function createApp(config = {}) { return express() }'],
  ['factory', 'config => config'],
  ['factory', '(a, b) => a + b'],
  ['factory', 'function (name, { verbose } = {}) { return name }'],
  ['factory', 'async function (event, context) { return { statusCode: 200 } }'],
  ['plugin', '(app, db) => { app.use(router(db)); }'],
  ['plugin', 'function (server, db) { server.get("/users", list) }'],
] as const;

describe('an exported function', () => {
  for (const source of HANDLERS) {
    it(`may be a handler: ${source}`, () => assert.equal(noHandler(compile(source)), undefined));
  }
  for (const source of PLUGINS) {
    it(`is a Fastify plugin: ${source}`, () =>
      assert.deepEqual(noHandler(compile(source)), { kind: 'fastify plugin' }));
  }
  for (const [kind, source] of OTHERS) {
    it(`is no handler but a ${kind}: ${source}`, () => assert.equal(noHandler(compile(source))?.kind, kind));
  }

  it('that is none is said to be one in words that name the file', () => {
    const found = noHandler(compile('(config) => config'))!;
    assert.match(describeNoHandler(found, 'lib/app.js'), /^lib\/app\.js exports a function of \(config\)/);
  });
});
