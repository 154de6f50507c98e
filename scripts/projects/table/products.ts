/** Products that people run as they are. */
import type { Project } from '../project.ts';

const group = 'Products';
const JSON_TYPE = { 'content-type': 'application/json' };

const manifest = (scripts: Record<string, string>, type = 'commonjs'): string =>
  `${JSON.stringify({ private: true, type, scripts })}\n`;

const VERDACCIO = `storage: ./storage
auth:
  htpasswd:
    file: ./htpasswd
packages:
  '**':
    access: $all
    publish: $authenticated
log: { type: stdout, format: pretty, level: warn }
`;

export const products: readonly Project[] = [
  {
    kind: 'served',
    name: 'json-server',
    title: 'json-server',
    group,
    get: [
      {
        files: {
          'package.json': manifest({ start: 'json-server db.json' }),
          'db.json':
            '{\n  "posts": [{ "id": 1, "title": "a title", "author": "typicode" }],\n  "profile": { "name": "typicode" }\n}\n',
        },
      },
      { npm: ['json-server@0.17'] },
    ],
    versions: ['json-server'],
    bare: 'json-server --port $PORT db.json',
    requests: [
      { path: '/' },
      { path: '/posts' },
      { path: '/posts/1' },
      { path: '/posts/9' },
      { method: 'POST', path: '/posts', headers: JSON_TYPE, body: '{"title":"two"}' },
    ],
    state: ['db.json'],
  },
  {
    kind: 'served',
    name: 'node-red',
    title: 'Node-RED',
    group,
    node: 'pinned',
    get: [
      { files: { 'package.json': manifest({ start: 'node-red -u data' }), 'data/flows.json': '[]\n' } },
      { npm: ['node-red@5'] },
    ],
    versions: ['node-red'],
    bare: 'node-red -u data -p $PORT',
    requests: [
      { path: '/' },
      { path: '/settings' },
      { path: '/flows' },
      { path: '/nodes', headers: { accept: 'application/json' } },
      { method: 'POST', path: '/flows', headers: JSON_TYPE, body: '[]' },
    ],
    state: ['data'],
    startS: 60,
    masks: ['"rev":"[^"]*"', '"instanceId":"[^"]*"'],
    talk: {
      path: '/comms',
      steps: [{ send: '{"subscribe":"notification/#"}' }, { wait: 'notification/runtime-state' }],
    },
  },
  {
    kind: 'served',
    name: 'verdaccio',
    title: 'Verdaccio',
    group,
    node: 'pinned',
    get: [
      {
        files: {
          'package.json': JSON.stringify({
            private: true,
            scripts: { start: 'verdaccio --config config.yaml' },
            // One of its packages asks for a tag of node-fetch that not every registry has.
            overrides: { 'node-fetch': '2.7.0' },
          }),
          'config.yaml': VERDACCIO,
        },
      },
      { npm: ['verdaccio@6'] },
    ],
    versions: ['verdaccio'],
    bare: 'verdaccio --config config.yaml --listen $PORT',
    requests: [
      { path: '/' },
      { path: '/-/ping' },
      { path: '/missing-package' },
      { path: '/-/whoami' },
      {
        method: 'PUT',
        path: '/-/user/org.couchdb.user:me',
        headers: JSON_TYPE,
        body: '{"name":"me","password":"secret-enough"}',
      },
    ],
    state: ['htpasswd', 'storage'],
    masks: ['"token": ?"[^"]*"', 'nonce-[\\w+/=-]+'],
    startS: 60,
  },
  {
    kind: 'served',
    name: 'http-server',
    title: 'http-server',
    group,
    get: [
      {
        files: {
          'package.json': manifest({ start: 'http-server public' }),
          'public/index.html': '<h1>Hello</h1>\n',
        },
      },
      { npm: ['http-server@14'] },
    ],
    versions: ['http-server'],
    bare: 'http-server public -p $PORT',
    requests: [{ path: '/' }, { path: '/index.html' }, { path: '/missing' }, { method: 'POST', path: '/' }],
    change: { file: 'public/index.html', from: 'Hello', to: 'Good day', path: '/' },
  },
  {
    kind: 'served',
    name: 'serve',
    title: 'serve',
    group,
    get: [
      {
        files: {
          'package.json': manifest({ start: 'serve public' }),
          'public/index.html': '<h1>Hello</h1>\n',
        },
      },
      { npm: ['serve@14'] },
    ],
    versions: ['serve'],
    bare: 'serve public -l $PORT',
    requests: [{ path: '/' }, { path: '/index.html' }, { path: '/missing' }, { method: 'POST', path: '/' }],
    change: { file: 'public/index.html', from: 'Hello', to: 'Good day', path: '/' },
  },
  {
    kind: 'served',
    name: 'strapi',
    title: 'Strapi, built, `strapi start`',
    group,
    get: [
      {
        run: 'npx create-strapi@5 app --non-interactive --skip-cloud --no-run --typescript --use-npm --install --no-git-init --no-example --dbclient sqlite',
      },
      { run: 'cd app && NODE_ENV=production npm run build' },
    ],
    folder: 'app',
    versions: ['@strapi/strapi', 'better-sqlite3'],
    bare: 'NODE_ENV=production strapi start',
    ours: ['node_modules/@strapi/strapi/bin/strapi.js', '--', 'start'],
    // Its generator leaves the name of the database's file empty.
    env: { NODE_ENV: 'production', DATABASE_FILENAME: '.tmp/data.db' },
    requests: [
      { path: '/admin' },
      { path: '/_health' },
      { path: '/api/missing' },
      { path: '/admin/init' },
      {
        method: 'POST',
        path: '/admin/login',
        headers: JSON_TYPE,
        body: '{"email":"a@example.com","password":"b"}',
      },
    ],
    masks: ['"uuid":"?[^",}]*"?'],
    startS: 120,
  },
];
