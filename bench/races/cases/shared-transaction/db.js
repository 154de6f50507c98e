const { promisify } = require('node:util');
const sqlite3 = require('sqlite3');

const db = new sqlite3.Database(process.env.DB_FILE ?? 'board.db');

const run = promisify(db.run.bind(db));
const get = promisify(db.get.bind(db));
const all = promisify(db.all.bind(db));

async function transaction(work) {
  await run('BEGIN');
  try {
    const result = await work();
    await run('COMMIT');
    return result;
  } catch (error) {
    await run('ROLLBACK');
    throw error;
  }
}

async function open() {
  await run(`CREATE TABLE IF NOT EXISTS todos (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, version INTEGER NOT NULL)`);
  await run("INSERT OR IGNORE INTO todos VALUES (1, 'Write', 1), (2, 'Review', 1)");
}

module.exports = { run, get, all, transaction, open };
