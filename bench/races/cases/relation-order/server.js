import Fastify from 'fastify';
import knex from 'knex';
import config from './knexfile.js';

const db = knex(config);

if (!(await db.schema.hasTable('entries'))) {
  await db.schema.createTable('entries', (table) => {
    table.increments();
    table.string('song').notNullable();
    table.integer('position').notNullable();
  });
}

const app = Fastify({ logger: false });

app.post('/playlist', async (request, reply) => {
  const { last } = await db('entries').max({ last: 'position' }).first();
  const position = (last ?? 0) + 1;
  await db('entries').insert({ song: request.body.song, position });
  reply.code(201);
  return { position };
});

app.get('/playlist', async () => {
  const entries = await db('entries').select('song', 'position').orderBy(['position', 'song']);
  return entries.map(({ song, position }) => `${position}. ${song}`);
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });
