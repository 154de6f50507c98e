const Koa = require('koa');
const bodyParser = require('koa-bodyparser');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

/** A payment is booked once, however often its event is delivered. */
async function createRevenue({ key, amount }) {
  const inserted = await pool.query(
    `INSERT INTO revenue_entries (idempotency_key, amount) VALUES ($1, $2)
     ON CONFLICT (idempotency_key) DO NOTHING`,
    [key, amount],
  );
  const { rows } = await pool.query('SELECT * FROM revenue_entries WHERE idempotency_key = $1', [key]);
  return { entry: rows[0], created: inserted.rowCount === 1 };
}

const app = new Koa();
app.use(bodyParser());

app.use(async (ctx, next) => {
  if (ctx.method !== 'POST') return next();
  const { entry, created } = await createRevenue(ctx.request.body);
  ctx.status = created ? 201 : 200;
  ctx.body = entry;
});

app.use(async (ctx) => {
  const { rows } = await pool.query(
    'SELECT count(*)::int AS entries, sum(amount)::int AS sum FROM revenue_entries',
  );
  ctx.body = rows[0];
});

pool
  .query(
    `SELECT pg_advisory_lock(6);
     CREATE TABLE IF NOT EXISTS revenue_entries (
       id serial PRIMARY KEY,
       idempotency_key text UNIQUE NOT NULL,
       amount integer NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now());
     SELECT pg_advisory_unlock(6);`,
  )
  .then(() => app.listen(process.env.PORT || 3000));
