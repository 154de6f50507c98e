import Koa from 'koa';
import pg from 'pg';
import { GiftCards } from './gift-cards.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
await pool.query(`
  SELECT pg_advisory_lock(1);
  CREATE TABLE IF NOT EXISTS cards (code text PRIMARY KEY, value integer NOT NULL);
  CREATE TABLE IF NOT EXISTS payments (card text REFERENCES cards, amount integer NOT NULL);
  INSERT INTO cards VALUES ('XMAS', 50) ON CONFLICT DO NOTHING;
  SELECT pg_advisory_unlock(1);
`);

const cards = new GiftCards(pool);
const app = new Koa();

app.use(async (ctx) => {
  const { card, amount } = ctx.query;
  if (ctx.method === 'POST') {
    const paid = await cards.pay(card, Number(amount));
    ctx.status = paid ? 201 : 402;
    ctx.body = { paid };
  } else ctx.body = { left: await cards.left(card) };
});

app.listen(process.env.PORT ?? 3000);
