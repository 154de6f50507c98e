const { promisify } = require('node:util');
const { Mutex } = require('async-mutex');
const express = require('express');
const sqlite3 = require('sqlite3');

const db = new sqlite3.Database('tracks.db');
const run = promisify(db.run.bind(db));
const get = promisify(db.get.bind(db));

// One connection has one transaction at a time.
const connection = new Mutex();

const transaction = (work) =>
  connection.runExclusive(async () => {
    await run('BEGIN IMMEDIATE');
    try {
      const result = await work();
      await run('COMMIT');
      return result;
    } catch (error) {
      await run('ROLLBACK');
      throw error;
    }
  });

const app = express();
app.use(express.json());

app.post('/tracks/:id/points', async (req, res) => {
  const total = await transaction(async () => {
    for (const [x, y] of req.body) await run('INSERT INTO points VALUES (?, ?, ?)', [req.params.id, x, y]);
    const { n } = await get('SELECT count(*) AS n FROM points WHERE track = ?', [req.params.id]);
    await run('REPLACE INTO tracks VALUES (?, ?)', [req.params.id, n]);
    return n;
  });
  res.json({ total });
});

app.get('/tracks/:id', async (req, res) => {
  const row = await connection.runExclusive(() =>
    get('SELECT points FROM tracks WHERE id = ?', [req.params.id]),
  );
  res.json(row ?? { points: 0 });
});

db.configure('busyTimeout', 5000);
db.exec(
  `CREATE TABLE IF NOT EXISTS points (track TEXT, x REAL, y REAL);
   CREATE TABLE IF NOT EXISTS tracks (id TEXT PRIMARY KEY, points INTEGER);`,
  () => app.listen(process.env.PORT || 3000),
);
