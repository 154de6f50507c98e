const Koa = require('koa');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

async function transfer(from, to, amount) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const taken = await client.query('UPDATE purses SET coins = coins - $1 WHERE name = $2 AND coins >= $1', [
      amount,
      from,
    ]);
    if (taken.rowCount === 0)
      throw Object.assign(new Error('not enough coins'), { status: 402, expose: true });
    await client.query('UPDATE purses SET coins = coins + $1 WHERE name = $2', [amount, to]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const app = new Koa();
app.silent = true;

app.use(async (ctx) => {
  const { from, to, coins } = ctx.query;
  if (ctx.method === 'POST') {
    await transfer(from, to, Number(coins));
    ctx.body = { from, to, coins: Number(coins) };
    return;
  }
  const { rows } = await pool.query('SELECT name, coins FROM purses ORDER BY name');
  ctx.body = rows;
});

async function main() {
  await pool
    .query('SELECT 1 FROM purses')
    .catch(() =>
      pool.query('CREATE TABLE IF NOT EXISTS purses (name text PRIMARY KEY, coins integer)').catch(() => {}),
    );
  await pool.query("INSERT INTO purses VALUES ('ada', 10), ('ben', 10) ON CONFLICT DO NOTHING");
  app.listen(process.env.PORT || 3000);
}

main();
