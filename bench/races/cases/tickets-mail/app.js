import Database from 'better-sqlite3';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { sendConfirmation } from './mail.js';

const db = new Database('tickets.db');
db.exec(`
  CREATE TABLE IF NOT EXISTS events (name TEXT PRIMARY KEY, seats INTEGER);
  CREATE TABLE IF NOT EXISTS tickets (event TEXT, email TEXT);
  INSERT OR IGNORE INTO events VALUES ('concert', 1);
`);
const seats = db.prepare('SELECT seats FROM events WHERE name = ?').pluck();
const sold = db.prepare('SELECT count(*) FROM tickets WHERE event = ?').pluck();
const sell = db.prepare('INSERT INTO tickets (event, email) VALUES (?, ?)');

async function buy(event, email) {
  if (sold.get(event) >= seats.get(event)) return { status: 'sold out' };
  // First the mail: nobody gets a ticket without one.
  await sendConfirmation(email, `Your seat for ${event}`);
  sell.run(event, email);
  return { status: 'sold', email };
}

const app = new Koa();
app.use(bodyParser());
app.use(async (ctx) => {
  if (ctx.method === 'POST') ctx.body = await buy('concert', ctx.request.body.email);
  else ctx.body = { sold: sold.get('concert'), of: seats.get('concert') };
});
app.listen(process.env.PORT ?? 3000);
