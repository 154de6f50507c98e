import express from 'express';
import knex from 'knex';

const db = knex({
  client: 'better-sqlite3',
  connection: { filename: './numbers.sqlite3' },
  useNullAsDefault: true,
});

await db.raw('CREATE TABLE IF NOT EXISTS waiting (desk TEXT, number INTEGER)');

const app = express();

// The queries of this driver are synchronous: what Knex awaits here has settled, so that nothing comes between them.
app.post('/desks/:desk/numbers', async (req, res) => {
  const { desk } = req.params;
  const waiting = await db('waiting').where({ desk });
  const number = waiting.length + 1;
  await db('waiting').insert({ desk, number });
  res.status(201).json({ number, before: waiting.length });
});

app.get('/desks/:desk', async (req, res) => {
  const waiting = await db('waiting').where(req.params).orderBy('number');
  res.json(waiting.map(({ number }) => number));
});

app.listen(process.env.PORT ?? 3000);
