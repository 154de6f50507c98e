import { scrypt } from 'node:crypto';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const derive = promisify(scrypt);
const db = new DatabaseSync('likes.db');
db.exec('CREATE TABLE IF NOT EXISTS likes (post TEXT, fan TEXT)');

/** Fans are not stored by name. */
const fanOf = async (name) => (await derive(name, 'likes', 16)).toString('hex');

async function like(post, name) {
  const already = db.prepare('SELECT count(*) AS n FROM likes WHERE post = ?');
  const before = already.get(post).n;
  const fan = await fanOf(name);
  const same = db.prepare('SELECT count(*) AS n FROM likes WHERE post = ? AND fan = ?').get(post, fan).n;
  if (same === 0) db.prepare('INSERT INTO likes VALUES (?, ?)').run(post, fan);
  return { likes: before + (same === 0 ? 1 : 0) };
}

createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://localhost');
  res.setHeader('content-type', 'application/json');
  if (req.method === 'POST') {
    res.end(JSON.stringify(await like(pathname, searchParams.get('fan'))));
  } else {
    res.end(JSON.stringify(db.prepare('SELECT count(*) AS likes FROM likes WHERE post = ?').get(pathname)));
  }
}).listen(process.env.PORT ?? 3000);
