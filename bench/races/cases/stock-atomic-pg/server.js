const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
const app = express();

app.post('/articles/:sku/sell', (req, res, next) => {
  const count = Number(req.query.count);
  pool
    .query('SELECT price FROM articles WHERE sku = $1', [req.params.sku])
    .then(({ rows: [{ price }] }) =>
      pool
        .query('UPDATE articles SET stock = stock - $1 WHERE sku = $2 AND stock >= $1 RETURNING stock', [
          count,
          req.params.sku,
        ])
        .then(({ rows: [article] }) => {
          if (article) res.json({ total: price * count });
          else res.status(410).json({ error: 'sold out' });
        }),
    )
    .catch(next);
});

app.get('/articles/:sku', (req, res, next) => {
  pool
    .query('SELECT stock FROM articles WHERE sku = $1', [req.params.sku])
    .then(({ rows }) => res.json(rows[0]))
    .catch(next);
});

pool
  .query(
    `SELECT pg_advisory_lock(4);
     CREATE TABLE IF NOT EXISTS articles (sku text PRIMARY KEY, price integer, stock integer);
     INSERT INTO articles VALUES ('loom', 120, 3) ON CONFLICT DO NOTHING;
     SELECT pg_advisory_unlock(4);`,
  )
  .then(() => app.listen(process.env.PORT || 3000));
