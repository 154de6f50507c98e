/** Frameworks for Node beside Express and Koa, and TypeScript with its runners. */
import type { Project } from '../project.ts';

const group = 'Frameworks and TypeScript';
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

const TYPED_SERVER = `import express, { Request, Response } from 'express';
import { Greeting, greet } from './greet';

const app = express();
app.use(express.json());
app.get('/', (_request: Request, response: Response) => {
  response.json({ text: greet(Greeting.Warm, 'world'), args: process.argv.slice(2), env: process.env.NODE_ENV });
});
app.post('/echo', (request: Request, response: Response) => {
  response.status(201).json(request.body);
});
app.listen(process.env.PORT ?? 3000);
`;

const TYPED_GREET = `export enum Greeting {
  Warm = 'Hello',
  Cool = 'Hi',
}

export class Greeter {
  constructor(private readonly name: string) {}

  say(greeting: Greeting): string {
    return greeting + ', ' + this.name;
  }
}

export const greet = (greeting: Greeting, name: string): string => new Greeter(name).say(greeting);
`;

const typed = (dev: string, type = 'commonjs'): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'typed', private: true, type, scripts: { dev } }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'commonjs',
      strict: true,
      esModuleInterop: true,
      outDir: 'dist',
      rootDir: 'src',
      types: ['node'],
    },
    include: ['src'],
  }),
  'src/server.ts': TYPED_SERVER,
  'src/greet.ts': TYPED_GREET,
});

const TYPED_PACKAGES = ['express@5', 'typescript@5', '@types/node@22', '@types/express@5'];
const typedProject = (name: string, dev: string, packages: readonly string[]): Project => ({
  kind: 'served',
  name: `typescript-${name}`,
  title: `TypeScript, \`${dev}\``,
  group,
  get: [{ files: typed(dev) }, { npm: [...TYPED_PACKAGES, ...packages] }],
  versions: ['express', 'typescript', ...packages.map((text) => text.replace(/@\d+$/, '')).slice(0, 2)],
  bare: dev,
  requests: [
    { path: '/' },
    { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' },
    { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":' },
  ],
  change: {
    file: 'src/greet.ts',
    from: "Warm = 'Hello'",
    to: "Warm = 'Good day'",
    path: '/',
    sees: 'Good day, world',
  },
});

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
    name: 'nest',
    title: 'NestJS, `nest new`, `start:dev`',
    group,
    node: 'pinned',
    get: [{ run: 'npx @nestjs/cli@12 new app --package-manager npm --skip-git' }],
    folder: 'app',
    versions: ['@nestjs/core', '@nestjs/cli'],
    bare: 'nest start --watch',
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: { file: 'src/app.service.ts', from: 'Hello World!', to: 'Hello Moon!', path: '/' },
    startS: 60,
    note: 'Nest 12’s starter has no runner any more, so the build is run, and the start says which package would run the source.',
  },
  {
    kind: 'served',
    name: 'nest-swc',
    title: 'NestJS, `nest new`, `start:dev`, with a runner',
    group,
    node: 'pinned',
    get: [
      { run: 'npx @nestjs/cli@12 new app --package-manager npm --skip-git' },
      { run: `cd app && ${INSTALL} -D @swc-node/register@1 @swc/core@1` },
    ],
    folder: 'app',
    versions: ['@nestjs/core', '@nestjs/cli'],
    bare: 'nest start --watch',
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: { file: 'src/app.service.ts', from: 'Hello World!', to: 'Hello Moon!', path: '/' },
    startS: 60,
  },
  {
    kind: 'served',
    name: 'nest-built',
    title: 'NestJS, built',
    group,
    node: 'pinned',
    get: [
      { run: 'npx @nestjs/cli@12 new app --package-manager npm --skip-git' },
      { run: 'cd app && npm run build' },
    ],
    folder: 'app',
    versions: ['@nestjs/core'],
    bare: 'node dist/main',
    ours: ['dist/main.js'],
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{}' },
    ],
    change: {
      file: 'src/app.service.ts',
      from: 'Hello World!',
      to: 'Hello Moon!',
      path: '/',
      build: 'npm run build',
    },
  },
  {
    kind: 'served',
    name: 'hono',
    title: 'Hono, `nodejs` template',
    group,
    get: [
      { github: 'honojs/starter', folders: ['templates/nodejs'] },
      { run: `cd templates/nodejs && ${INSTALL}` },
    ],
    folder: 'templates/nodejs',
    versions: ['hono', 'tsx'],
    bare: 'tsx watch src/index.ts',
    barePort: 3000,
    requests: [{ path: '/' }, { path: '/missing' }, { method: 'POST', path: '/' }],
    change: { file: 'src/index.ts', from: 'Hello Hono!', to: 'Hello Moon!', path: '/' },
  },
  typedProject('nodemon', 'nodemon --exec ts-node src/server.ts', ['nodemon@3', 'ts-node@10']),
  typedProject('tsx', 'NODE_ENV=development tsx watch src/server.ts --flag value', ['tsx@4']),
  typedProject('swc', 'node -r @swc-node/register src/server.ts', ['@swc-node/register@1', '@swc/core@1']),
  typedProject('ts-node-dev', 'ts-node-dev --respawn --transpile-only src/server.ts', ['ts-node-dev@2']),
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
      { run: "echo '{}' | npx -p @loopback/cli lb4 app app --yes --skip-install --no-docker" },
      { run: `cd app && ${INSTALL} && npm run build` },
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
      {
        run: `cd api/apps/backend && ${INSTALL} && cp .env.example .env && mkdir -p tmp && node ace generate:key && node ace migration:run`,
      },
    ],
    folder: 'api/apps/backend',
    versions: ['@adonisjs/core', '@adonisjs/lucid'],
    bare: 'node ace serve --hmr',
    requests: [{ path: '/' }, { path: '/missing' }],
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
