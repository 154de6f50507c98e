/** Products that people run as they are, and examples of well-known libraries. */
import type { Project } from '../project.ts';

const group = 'Products and libraries';
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const INSTALL = 'npm install --no-audit --no-fund --loglevel=error';

const manifest = (scripts: Record<string, string>, type = 'commonjs'): string =>
  `${JSON.stringify({ private: true, type, scripts })}\n`;

const YOGA = `import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';

const yoga = createYoga({
  schema: createSchema({
    typeDefs: 'type Query { hello(name: String): String } type Mutation { double(n: Int!): Int! }',
    resolvers: {
      Query: { hello: (_, { name = 'world' }) => 'Hello ' + name },
      Mutation: { double: (_, { n }) => 2 * n },
    },
  }),
});
createServer(yoga).listen(4000, () => console.log('http://localhost:4000/graphql'));
`;

const APOLLO = `import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const typeDefs = 'type Book { title: String author: String } type Query { books: [Book] } type Mutation { double(n: Int!): Int! }';
const books = [{ title: 'The Awakening', author: 'Kate Chopin' }, { title: 'City of Glass', author: 'Paul Auster' }];
const resolvers = { Query: { books: () => books }, Mutation: { double: (_, { n }) => 2 * n } };
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { port: Number(process.env.PORT ?? 4000) } });
console.log('Server ready at ' + url);
`;

const FEATHERS = `import { feathers } from '@feathersjs/feathers';
import express, { errorHandler, json, notFound, rest, urlencoded } from '@feathersjs/express';
import socketio from '@feathersjs/socketio';

class Messages {
  messages = [{ id: 0, text: 'Welcome' }];
  async find() {
    return this.messages;
  }
  async create(data) {
    const message = { id: this.messages.length, text: data.text };
    this.messages.push(message);
    return message;
  }
}

const app = express(feathers());
app.use(json());
app.use(urlencoded({ extended: true }));
app.configure(rest());
app.configure(socketio());
app.use('messages', new Messages());
app.use(notFound());
app.use(errorHandler({ html: false }));
app.listen(process.env.PORT || 3030);
`;

const SQLITE = `const express = require('express');
const Database = require('better-sqlite3');

const db = new Database('app.db');
db.pragma('journal_mode = WAL');
db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)');
const app = express();
app.use(express.json());
app.get('/', (request, response) => response.json({ title: 'Notes', notes: db.prepare('SELECT * FROM notes').all() }));
app.post('/', (request, response) => {
  const { lastInsertRowid } = db.prepare('INSERT INTO notes (text) VALUES (?)').run(request.body.text);
  response.status(201).json({ id: lastInsertRowid });
});
app.listen(process.env.PORT || 3000);
`;

const SEQUELIZE = `const express = require('express');
const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'app.db', logging: false });
const Note = sequelize.define('Note', { text: DataTypes.STRING }, { timestamps: false });
const app = express();
app.use(express.json());
app.get('/', async (request, response) => response.json({ title: 'Notes', notes: await Note.findAll() }));
app.post('/', async (request, response) => response.status(201).json(await Note.create({ text: request.body.text })));
sequelize.sync().then(() => app.listen(process.env.PORT || 3000));
`;

const PRISMA_SCHEMA = `generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "sqlite"
}

model Note {
  id   Int    @id @default(autoincrement())
  text String
}
`;

const PRISMA = `import { PrismaLibSql } from '@prisma/adapter-libsql';
import express from 'express';
import { PrismaClient } from './prisma/generated/client';

const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: 'file:./app.db' }) });
const app = express();
app.use(express.json());
app.get('/', async (_request, response) => response.json({ title: 'Notes', notes: await prisma.note.findMany() }));
app.post('/', async (request, response) => response.status(201).json(await prisma.note.create({ data: { text: request.body.text } })));
app.listen(process.env.PORT || 3000);
`;

const PRISMA_TABLE = `import { createClient } from '@libsql/client';
await createClient({ url: 'file:./app.db' }).execute('CREATE TABLE Note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)');
`;

const NOTES = [
  { path: '/' },
  { path: '/missing' },
  { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"text":"one"}' },
  { path: '/' },
] as const;
const NOTES_CHANGE = { from: "title: 'Notes'", to: "title: 'Moons'", path: '/', sees: '"Moons"' } as const;

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

/** socket.io's own greeting over a WebSocket: open, connect, connected. */
const socketIo = (...steps: readonly ({ send: string } | { wait: string })[]) => ({
  path: '/socket.io/?EIO=4&transport=websocket',
  steps: [{ wait: '0{' }, { send: '40' }, { wait: '40{' }, ...steps],
});

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
    talk: { path: '/comms', steps: [{ send: '{"subscribe":"notification/#"}' }, { wait: 'hb' }] },
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
    name: 'yoga',
    title: 'GraphQL Yoga (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node server.js' }, 'module'), 'server.js': YOGA } },
      { npm: ['graphql-yoga@5', 'graphql@16'] },
    ],
    versions: ['graphql-yoga', 'graphql'],
    bare: 'node server.js',
    barePort: 4000,
    requests: [
      { path: '/graphql?query=%7Bhello%7D' },
      { path: '/graphql', headers: { accept: 'text/html' } },
      { path: '/missing' },
      { method: 'POST', path: '/graphql', headers: JSON_TYPE, body: '{"query":"mutation { double(n: 4) }"}' },
      { method: 'POST', path: '/graphql', headers: JSON_TYPE, body: '{"query":"{ nothing }"}' },
    ],
    change: {
      file: 'server.js',
      from: "'Hello '",
      to: "'Good day '",
      path: '/graphql?query=%7Bhello%7D',
      sees: 'Good day world',
    },
  },
  {
    kind: 'served',
    name: 'apollo',
    title: 'Apollo Server, standalone (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node index.js' }, 'module'), 'index.js': APOLLO } },
      { npm: ['@apollo/server@5', 'graphql@16'] },
    ],
    versions: ['@apollo/server', 'graphql'],
    bare: 'node index.js',
    requests: [
      { path: '/', headers: { accept: 'text/html' } },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"{ books { title author } }"}' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"mutation { double(n: 4) }"}' },
      { method: 'POST', path: '/', headers: JSON_TYPE, body: '{"query":"{ nothing }"}' },
      { path: '/?query=%7Bbooks%7Btitle%7D%7D', headers: JSON_TYPE },
    ],
    change: {
      file: 'index.js',
      from: 'City of Glass',
      to: 'Moon Palace',
      path: '/?query=%7Bbooks%7Btitle%7D%7D&x=',
      sees: 'Moon Palace',
    },
    masks: ['"stacktrace":\\[[^\\]]*\\]', 'nonce[^>]*'],
  },
  {
    kind: 'served',
    name: 'socket-io-chat',
    title: 'socket.io `chat`',
    group,
    get: [
      { github: 'socketio/socket.io', folders: ['examples/chat'] },
      { run: `cd examples/chat && ${INSTALL}` },
    ],
    folder: 'examples/chat',
    versions: ['socket.io', 'express'],
    bare: 'node index.js',
    requests: [
      { path: '/' },
      { path: '/socket.io/socket.io.js' },
      { path: '/socket.io/?EIO=4&transport=polling' },
      { path: '/missing' },
      { method: 'POST', path: '/socket.io/?EIO=4&transport=polling&sid=unknown', body: '40' },
    ],
    talk: socketIo({ send: '42["add user","me"]' }, { wait: '42["login",{"numUsers":1}]' }),
    masks: ['"sid":"[^"]*"'],
    change: { file: 'public/index.html', from: "What's your nickname?", to: 'Who are you?', path: '/' },
  },
  {
    kind: 'served',
    name: 'feathers',
    title: 'Feathers on Express, with socket.io (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node app.js' }, 'module'), 'app.js': FEATHERS } },
      { npm: ['@feathersjs/feathers@5', '@feathersjs/express@5', '@feathersjs/socketio@5'] },
    ],
    versions: ['@feathersjs/feathers'],
    bare: 'node app.js',
    requests: [
      { path: '/messages' },
      { path: '/missing' },
      { method: 'POST', path: '/messages', headers: JSON_TYPE, body: '{"text":"one"}' },
    ],
    talk: socketIo({ send: '420["find","messages",{}]' }, { wait: '430[null,[{"id":0,"text":"Welcome"}' }),
    change: {
      file: 'app.js',
      from: "text: 'Welcome'",
      to: "text: 'Moon'",
      path: '/messages',
      sees: '"Moon"',
    },
    note: 'its messages are in a variable, so each worker has its own; production with several processes does the same.',
  },
  {
    kind: 'served',
    name: 'passport-todos',
    title: 'Passport’s `todos-express-password` (sqlite3)',
    group,
    get: [
      { github: 'passport/todos-express-password', folders: ['.'] },
      { run: INSTALL },
      { run: 'node -e "require(\'./db\')" && sleep 1' },
    ],
    versions: ['express', 'passport', 'sqlite3'],
    bare: 'node ./bin/www',
    requests: [
      { path: '/' },
      { path: '/login' },
      { path: '/signup' },
      { path: '/missing' },
      { method: 'POST', path: '/signup', headers: FORM_TYPE, body: 'username=a&password=b' },
    ],
    state: ['var'],
    masks: ['name="_csrf" value="[^"]*"', 'connect.sid=[^;]*', 'at [^\\n]*'],
    change: { file: 'views/login.ejs', from: 'Sign in', to: 'Come in', path: '/login' },
  },
  {
    kind: 'served',
    name: 'sqlite',
    title: 'Express with better-sqlite3 (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node server.js' }), 'server.js': SQLITE } },
      { npm: ['express@5', 'better-sqlite3@12'] },
    ],
    versions: ['express', 'better-sqlite3'],
    bare: 'node server.js',
    requests: NOTES,
    state: ['app.db', 'app.db-wal', 'app.db-shm'],
    change: { file: 'server.js', ...NOTES_CHANGE },
  },
  {
    kind: 'served',
    name: 'sequelize',
    title: 'Express with Sequelize and sqlite3 (docs)',
    group,
    get: [
      { files: { 'package.json': manifest({ start: 'node server.js' }), 'server.js': SEQUELIZE } },
      { npm: ['express@5', 'sequelize@6', 'sqlite3@5'] },
    ],
    versions: ['express', 'sequelize', 'sqlite3'],
    bare: 'node server.js',
    requests: NOTES,
    state: ['app.db'],
    change: { file: 'server.js', ...NOTES_CHANGE },
  },
  {
    kind: 'served',
    name: 'prisma',
    title: 'Express with Prisma and SQLite (docs)',
    group,
    node: 'pinned',
    get: [
      {
        files: {
          'package.json': manifest({ dev: 'tsx watch server.ts' }, 'module'),
          'server.ts': PRISMA,
          'table.mjs': PRISMA_TABLE,
          'prisma/schema.prisma': PRISMA_SCHEMA,
          'prisma.config.ts':
            "import { defineConfig } from 'prisma/config';\n\nexport default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: 'file:./app.db' } });\n",
        },
      },
      {
        npm: [
          'express@5',
          'prisma@7',
          '@prisma/client@7',
          '@prisma/adapter-libsql@7',
          '@libsql/client',
          'tsx@4',
          'typescript@5',
        ],
      },
      { run: 'npx prisma generate && node table.mjs' },
    ],
    versions: ['prisma', '@prisma/client', 'tsx'],
    bare: 'tsx watch server.ts',
    requests: NOTES,
    state: ['app.db'],
    change: { file: 'server.ts', ...NOTES_CHANGE },
    note: 'the table is made by SQL, since Prisma’s migration engine is a download.',
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
    env: { NODE_ENV: 'production' },
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
    state: ['.tmp'],
    masks: ['"uuid":"?[^",}]*"?'],
    startS: 120,
  },
];
