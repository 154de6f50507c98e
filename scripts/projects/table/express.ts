/** Express and Koa: their own examples, fetched from their repositories, and Express's generator. */
import type { Project } from '../project.ts';

const group = 'Express and Koa';
const EXPRESS = [
  { github: 'expressjs/express', folders: ['examples', 'lib', 'test', 'index.js', 'package.json'] },
  { run: 'npm install --no-audit --no-fund --ignore-scripts --loglevel=error' },
] as const;

/** Koa's examples of 2025 want mocha 5; a newer one can write its report to a file. */
const KOA = [
  { github: 'koajs/examples', folders: ['.'] },
  {
    run: 'npm install --no-audit --no-fund --loglevel=error --omit=dev && npm install --no-audit --no-fund --loglevel=error mocha@11 should@3 supertest@3',
  },
] as const;

const TESTED_KOA = [
  '404',
  'base-auth',
  'blog',
  'body-parsing',
  'compose',
  'cookies',
  'csrf',
  'errors',
  'flash-messages',
  'hello-world',
  'multipart',
  'negotiation',
  'stream-file',
  'stream-objects',
  'stream-view',
  'templates',
  'vhost',
];

const TESTED_EXPRESS = [
  'auth',
  'content-negotiation',
  'cookie-sessions',
  'cookies',
  'downloads',
  'ejs',
  'error',
  'error-pages',
  'hello-world',
  'markdown',
  'multi-router',
  'mvc',
  'params',
  'resource',
  'route-map',
  'route-separation',
  'vhost',
  'web-service',
];

export const express: readonly Project[] = [
  {
    kind: 'tested',
    name: 'express-tests',
    title: 'Express’s acceptance tests',
    group,
    get: EXPRESS,
    versions: ['express'],
    examples: TESTED_EXPRESS.map((name) => ({
      folder: `examples/${name}`,
      test: `test/acceptance/${name}.js`,
    })),
  },
  {
    kind: 'served',
    name: 'express-hello',
    title: 'Express `hello-world`',
    group,
    get: EXPRESS,
    folder: 'examples/hello-world',
    versions: ['express'],
    bare: 'node index.js',
    barePort: 3000,
    requests: [{ path: '/' }, { path: '/missing' }, { method: 'POST', path: '/' }],
    change: { file: 'index.js', from: 'Hello World', to: 'Hello Moon', path: '/' },
  },
  {
    kind: 'tested',
    name: 'koa-tests',
    title: 'Koa’s examples’ tests',
    group,
    get: KOA,
    versions: ['koa'],
    examples: TESTED_KOA.map((name) => ({ folder: name, test: `${name}/test.js` })),
    note: '“errors should emit the error on app” waits for an event of the app’s object, so it needs the app in its own process.',
  },
];
