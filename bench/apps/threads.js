// Starts and ends bare worker_threads like a reload, with the same commands: it shows the memory that Node itself
// keeps.
const { createInterface } = require('node:readline');
const { Worker } = require('node:worker_threads');

const [file] = process.argv.slice(2);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

function start() {
  const worker = new Worker(file);
  return new Promise((resolve) => worker.once('online', () => resolve(worker)));
}

async function run() {
  let pair = await Promise.all([start(), start()]);
  say({ type: 'worker', state: 'idle' });
  for await (const line of createInterface({ input: process.stdin })) {
    if (JSON.parse(line).type === 'stop') break;
    const old = pair;
    pair = await Promise.all([start(), start()]);
    await Promise.all(old.map((worker) => worker.terminate()));
    say({ type: 'reload', state: 'done' });
  }
  await Promise.all(pair.map((worker) => worker.terminate()));
  say({ type: 'stopped' });
}

// No code follows: an error ends the process.
void run();
