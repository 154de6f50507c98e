// A number that all workers share, as they would share a database. Workers share no memory, so it is in a file.
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');

const file = path.join(os.tmpdir(), `concurrent-server-shop-${process.env.PORT || 3000}.count`);
let writes = 0;

async function read() {
  return Number(await fs.readFile(file, 'utf8').catch(() => '0'));
}

async function write(value) {
  // By renaming, so that nobody ever reads half a number.
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}.${writes++}`;
  await fs.writeFile(draft, String(value));
  await fs.rename(draft, file);
}

// The race: between the read and the write, somebody else may have read the same number.
async function increment() {
  const value = await read();
  await wait(5);
  await write(value + 1);
  return value + 1;
}

module.exports = { read, increment, reset: () => fs.rm(file, { force: true }) };
