import Database from 'better-sqlite3';
import { Hono } from 'hono';

const db = new Database('votes.db', { timeout: 5000 });
db.exec(`
  CREATE TABLE IF NOT EXISTS votes (voter TEXT PRIMARY KEY, choice TEXT);
  CREATE TABLE IF NOT EXISTS totals (choice TEXT PRIMARY KEY, votes INTEGER);
`);

const vote = db.transaction((voter, choice) => {
  const total = db.prepare('SELECT votes FROM totals WHERE choice = ?').pluck().get(choice) ?? 0;
  const before = db.prepare('SELECT choice FROM votes WHERE voter = ?').pluck().get(voter);
  if (before) return { voter, choice: before, counted: false };
  db.prepare('INSERT INTO votes VALUES (?, ?)').run(voter, choice);
  db.prepare('REPLACE INTO totals VALUES (?, ?)').run(choice, total + 1);
  return { voter, choice, counted: true };
});

const app = new Hono();

app.post('/votes/:voter/:choice', (c) => {
  const { voter, choice } = c.req.param();
  return c.json(vote.immediate(voter, choice));
});

app.get('/totals', (c) => c.json(db.prepare('SELECT * FROM totals ORDER BY choice').all()));

export default app;
