const fastify = require('fastify')();
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });

fastify.post('/redeem', async (request, reply) => {
  const { code } = request.body;
  const user = request.headers['x-user'];

  const { rows } = await pool.query('SELECT item, used_count, max_uses FROM redeem_codes WHERE code = $1', [
    code,
  ]);
  const [found] = rows;
  if (!found) return reply.code(404).send({ error: 'no such code' });
  if (found.used_count >= found.max_uses) return reply.code(410).send({ error: 'this code is used up' });

  await pool.query('INSERT INTO purchases (owner, item) VALUES ($1, $2)', [user, found.item]);
  await pool.query('UPDATE redeem_codes SET used_count = $1 WHERE code = $2', [found.used_count + 1, code]);
  return { item: found.item };
});

fastify.get('/codes/:code', async (request) => {
  const { rows } = await pool.query(
    'SELECT used_count, (SELECT count(*)::int FROM purchases) AS purchases FROM redeem_codes WHERE code = $1',
    [request.params.code],
  );
  return rows[0];
});

fastify.post('/dev/reset', async () => {
  await pool.query("DELETE FROM purchases; UPDATE redeem_codes SET used_count = 0 WHERE code = 'TOWER'");
  return { ok: true };
});

async function start() {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS redeem_codes (code text PRIMARY KEY, item text, used_count int, max_uses int)',
  );
  await pool.query('CREATE TABLE IF NOT EXISTS purchases (owner text, item text)');
  await pool.query("INSERT INTO redeem_codes VALUES ('TOWER', 'flag', 0, 1) ON CONFLICT DO NOTHING");
  await fastify.listen({ port: process.env.PORT || 3000 });
}

start().catch((error) => {
  console.error(error);
  process.exit(1);
});
