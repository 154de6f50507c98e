import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createTables, pool, type SignUp, signUp } from './users.js';

const app = new Hono();

app.post('/users', async (c) => {
  const id = await signUp(await c.req.json<SignUp>());
  if (!id) return c.json({ error: 'This address has an account' }, 422);
  return c.json({ id, createdAt: new Date().toISOString() }, 201);
});

app.get('/users/:email', async (c) => {
  const { rows } = await pool.query('SELECT count(*)::int AS accounts FROM users WHERE email = $1', [
    c.req.param('email'),
  ]);
  return c.json(rows[0]);
});

await createTables();
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
