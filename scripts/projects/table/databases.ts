/** An app with notes in SQLite, by each of the usual packages. */
import type { Project } from '../project.ts';

const group = 'Databases';
const JSON_TYPE = { 'content-type': 'application/json' };

const manifest = (scripts: Record<string, string>, type = 'commonjs'): string =>
  `${JSON.stringify({ private: true, type, scripts })}\n`;

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

export const databases: readonly Project[] = [
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
    // Else Prisma downloads its migration engine, which this project does not use.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' },
    requests: NOTES,
    state: ['app.db'],
    change: { file: 'server.ts', ...NOTES_CHANGE },
    note: 'the table is made by SQL, since Prisma’s migration engine is a download.',
  },
];
