const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const app = express();

app.post('/accounts/:id/deposit/:amount', (req, res, next) => {
  pool
    .query('SELECT balance FROM accounts WHERE id = $1', [req.params.id])
    .then(({ rows: [account] }) => account.balance + Number(req.params.amount))
    .then((balance) =>
      pool.query('UPDATE accounts SET balance = $1 WHERE id = $2 RETURNING balance', [
        balance,
        req.params.id,
      ]),
    )
    .then(({ rows: [account] }) => res.json(account))
    .catch(next);
});

app.get('/accounts/:id', (req, res, next) => {
  pool
    .query('SELECT balance FROM accounts WHERE id = $1', [req.params.id])
    .then(({ rows }) => res.json(rows[0]))
    .catch(next);
});

pool
  .query(`CREATE TABLE IF NOT EXISTS accounts (id integer PRIMARY KEY, balance integer NOT NULL)`)
  .catch(() => {}) // another worker creates it at this moment
  .then(() => pool.query('INSERT INTO accounts VALUES (1, 100) ON CONFLICT DO NOTHING'))
  .then(() => app.listen(process.env.PORT || 3000));
