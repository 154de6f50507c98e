/** TypeScript: Nest, Hono and the usual runners. */
import type { Project } from '../project.ts';

const group = 'TypeScript';
const JSON_TYPE = { 'content-type': 'application/json' };

const INSTALL = 'npm install --no-audit --no-fund --loglevel=error';

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
  requests: [{ path: '/' }, { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' }],
  change: {
    file: 'src/greet.ts',
    from: "Warm = 'Hello'",
    to: "Warm = 'Good day'",
    path: '/',
    sees: 'Good day, world',
  },
});

export const typescript: readonly Project[] = [
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
];
