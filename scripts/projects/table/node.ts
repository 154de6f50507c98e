/** Frameworks for Node beside Express and Koa. */
import type { Project } from '../project.ts';

const group = 'Frameworks for Node';
const JSON_TYPE = { 'content-type': 'application/json' };

const INSTALL = 'npm install --no-audit --no-fund --loglevel=error';

const FASTIFY = `import Fastify from 'fastify';

const fastify = Fastify({ logger: true });

fastify.get('/', async () => ({ hello: 'world' }));
fastify.post('/sum', {
  schema: { body: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'number' }, b: { type: 'number' } } } },
}, async (request) => ({ sum: request.body.a + request.body.b }));

await fastify.listen({ port: process.env.PORT ?? 3000 });
`;

const TRPC = `import { initTRPC } from '@trpc/server';
import * as express from '@trpc/server/adapters/express';
import app from 'express';
import { z } from 'zod';

const t = initTRPC.create();
export const appRouter = t.router({
  greeting: t.procedure.input(z.object({ name: z.string() })).query(({ input }) => ({ text: \`Hello \${input.name}\` })),
  add: t.procedure.input(z.object({ a: z.number(), b: z.number() })).mutation(({ input }) => input.a + input.b),
});

const server = app();
server.use('/trpc', express.createExpressMiddleware({ router: appRouter }));
server.listen(Number(process.env.PORT ?? 2021));
`;

const WS = `const express = require('express');
const http = require('node:http');
const { WebSocketServer } = require('ws');

const app = express();
app.get('/', (request, response) => response.send('Hello World'));
app.post('/echo', express.json(), (request, response) => response.json(request.body));
const server = http.createServer(app);
const sockets = new WebSocketServer({ server, path: '/ws' });
sockets.on('connection', (socket) => socket.on('message', (data) => socket.send('echo ' + data)));
server.listen(process.env.PORT || 8080);
`;

export const node: readonly Project[] = [
  {
    kind: 'served',
    name: 'fastify-hello',
    title: 'Fastify’s first example',
    group,
    get: [
      { files: { 'package.json': '{ "private": true, "type": "module" }', 'server.js': FASTIFY } },
      { npm: ['fastify@5'] },
    ],
    versions: ['fastify'],
    bare: 'node server.js',
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/sum', headers: JSON_TYPE, body: '{"a":1,"b":2}' },
      { method: 'POST', path: '/sum', headers: JSON_TYPE, body: '{"a":1}' },
    ],
    change: { file: 'server.js', from: "hello: 'world'", to: "hello: 'moon'", path: '/', sees: '"moon"' },
  },
  {
    kind: 'served',
    name: 'fastify-cli',
    title: '`fastify generate`',
    group,
    get: [{ run: 'npx fastify-cli@8 generate app' }, { run: `cd app && ${INSTALL}` }],
    folder: 'app',
    versions: ['fastify', 'fastify-cli'],
    bare: 'fastify start -w -l info -P app.js',
    env: { FASTIFY_ADDRESS: '127.0.0.1' },
    requests: [
      { path: '/' },
      { path: '/example' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: {
      file: 'routes/example/index.js',
      from: "'this is an example'",
      to: "'this is a moon'",
      path: '/example',
      sees: 'this is a moon',
    },
  },
  {
    kind: 'served',
    name: 'trpc',
    title: 'tRPC on Express (docs)',
    group,
    get: [
      {
        files: {
          'package.json': '{ "private": true, "scripts": { "dev": "tsx watch src/server.ts" } }',
          'src/server.ts': TRPC,
        },
      },
      { npm: ['@trpc/server@11', 'express@5', 'zod@4', 'tsx@4', 'typescript@5'] },
    ],
    versions: ['@trpc/server', 'tsx'],
    bare: 'tsx watch src/server.ts',
    requests: [
      { path: '/trpc/greeting?input=%7B%22name%22%3A%22you%22%7D' },
      { path: '/trpc/greeting' },
      { path: '/trpc/missing' },
      { method: 'POST', path: '/trpc/add', headers: JSON_TYPE, body: '{"a":1,"b":2}' },
    ],
    masks: ['"stack":"[^"]*"'],
    change: {
      file: 'src/server.ts',
      from: 'Hello ',
      to: 'Good day ',
      path: '/trpc/greeting?input=%7B%22name%22%3A%22you%22%7D',
      sees: 'Good day you',
    },
  },
  {
    kind: 'served',
    name: 'ws',
    title: 'Express with ws',
    group,
    get: [{ files: { 'server.js': WS } }, { npm: ['express@5', 'ws@8'] }],
    versions: ['express', 'ws'],
    bare: 'node server.js',
    requests: [{ path: '/' }, { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":[1,2]}' }],
    talk: {
      path: '/ws',
      steps: [{ send: 'hi' }, { wait: 'echo hi' }, { send: 'again' }, { wait: 'echo again' }],
    },
    change: { file: 'server.js', from: 'Hello World', to: 'Hello Moon', path: '/' },
  },
  {
    kind: 'served',
    name: 'loopback',
    title: 'LoopBack 4, `lb4 app`',
    group,
    node: 'pinned',
    get: [
      {
        run: 'echo \'{"loopbackBuild":true}\' | npx -p @loopback/cli lb4 app app --yes --skip-install --no-docker',
      },
      { run: `cd app && rm -rf src/__tests__ && ${INSTALL} && npm run build` },
    ],
    folder: 'app',
    versions: ['@loopback/core', '@loopback/rest'],
    bare: 'node -r source-map-support/register .',
    env: { HOST: '127.0.0.1' },
    requests: [
      { path: '/' },
      { path: '/ping' },
      { path: '/openapi.json' },
      { path: '/missing' },
      { method: 'POST', path: '/ping', headers: JSON_TYPE, body: '{}' },
    ],
    masks: ['\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z'],
    change: {
      file: 'src/controllers/ping.controller.ts',
      from: 'Hello from LoopBack',
      to: 'Hello from the moon',
      path: '/ping',
      build: 'npm run build',
    },
  },
  {
    kind: 'served',
    name: 'adonis',
    title: 'AdonisJS, `api` starter kit',
    group,
    node: 'pinned',
    get: [
      { github: 'adonisjs/starter-kits', folders: ['api/apps/backend'] },
      // better-sqlite3 has no build for every Node; sqlite3 has the stable interface of addons.
      {
        run: `cd api/apps/backend && npm pkg delete dependencies.better-sqlite3 && ${INSTALL} sqlite3@5`,
      },
      {
        run: `cd api/apps/backend && sed -i "s/'better-sqlite3'/'sqlite3'/" config/database.ts && cp .env.example .env && mkdir -p tmp && node ace generate:key && node ace migration:run`,
      },
    ],
    folder: 'api/apps/backend',
    versions: ['@adonisjs/core', '@adonisjs/lucid'],
    bare: 'node ace serve --hmr',
    requests: [
      { path: '/' },
      { path: '/missing' },
      { path: '/api/v1/account/profile', headers: { accept: 'application/json' } },
      { method: 'POST', path: '/api/v1/auth/login', headers: JSON_TYPE, body: '{"email":"a@example.com"}' },
    ],
    change: {
      file: 'start/routes.ts',
      from: "hello: 'world'",
      to: "hello: 'moon'",
      path: '/',
      sees: '"moon"',
    },
    startS: 60,
  },
  {
    kind: 'served',
    name: 'workspaces',
    title: 'npm workspaces, in the root',
    group,
    get: [
      {
        files: {
          'package.json':
            '{ "private": true, "workspaces": ["apps/*", "packages/*"], "scripts": { "dev": "npm run dev -w api" } }',
          'apps/api/package.json':
            '{ "name": "api", "private": true, "type": "module", "scripts": { "dev": "tsx watch src/index.ts" }, "dependencies": { "words": "*" } }',
          'apps/api/src/index.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nimport { greeting } from 'words';\n\nconst app = new Hono();\napp.get('/', (c) => c.text(greeting));\napp.post('/echo', async (c) => c.json(await c.req.json()));\nserve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });\n`,
          'packages/words/package.json':
            '{ "name": "words", "private": true, "type": "module", "exports": "./index.ts" }',
          'packages/words/index.ts': "export const greeting: string = 'Hello from a library';\n",
        },
      },
      { run: `${INSTALL} -w api hono@4 @hono/node-server@2 tsx@4` },
    ],
    versions: ['hono', 'tsx'],
    bare: 'npm run dev -w api',
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' },
    ],
    change: {
      file: 'packages/words/index.ts',
      from: 'Hello from a library',
      to: 'Hello from a moon',
      path: '/',
    },
  },
];
