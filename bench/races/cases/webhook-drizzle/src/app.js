import { createHmac, timingSafeEqual } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import express from 'express';
import pg from 'pg';
import { orders } from './schema.js';

const SECRET = 'whsec_development';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const db = drizzle({ client: pool });

await db
  .execute(sql`
  CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, event text NOT NULL, total integer NOT NULL)
`)
  .catch(() => db.execute(sql`SELECT 1 FROM orders`)); // another worker was first

function signed(req) {
  const expected = createHmac('sha256', SECRET).update(req.body).digest();
  const given = Buffer.from(req.get('signature') ?? '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const app = express();

app.post('/webhooks/payments', express.raw({ type: 'application/json' }), async (req, res) => {
  if (!signed(req)) return res.sendStatus(400);
  const event = JSON.parse(req.body);
  // Events may be delivered more than once.
  const known = await db.select().from(orders).where(eq(orders.event, event.id));
  if (known.length > 0) return res.json({ received: true });
  await db.insert(orders).values({ event: event.id, total: event.total });
  res.json({ received: true });
});

app.get('/orders', async (_req, res) => {
  const all = await db.select({ event: orders.event, total: orders.total }).from(orders);
  res.json(all);
});

app.listen(process.env.PORT ?? 3000);
