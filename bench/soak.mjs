/**
 * `npm run soak`: many requests with blocked workers, early answers, aborts and reloads, on each kind of worker. Counts
 * errors: a request that is not answered, gets another one's answer, or runs twice. Exits with 1 if there was any.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { testPython } from '../scripts/python-env.mjs';

const KINDS = ['node thread', 'node fork', 'asgi thread', 'asgi fork', 'wsgi thread', 'wsgi fork'];
const APPS = { node: 'uploads.cjs', asgi: 'python/asgi/uploads.py', wsgi: 'python/wsgi/uploads.py' };
const CONNECTIONS = 24;
const RELOAD_MS = 2_000;
const ANSWER_MS = 30_000;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    kinds: { type: 'string', default: KINDS.join(',') },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const requests = Number(values.requests);
const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
console.log(`${requests} requests of each kind, seed ${values.seed}`);

async function soak(kind) {
  const [speech, mode] = kind.split(' ');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'));
  const log = path.join(folder, 'runs');
  const server = await start(speech, mode, log);
  const counts = { answered: 0, aborted: 0, reloads: 0, unanswered: 0, crossed: 0 };
  const random = seeded(Number(values.seed));
  const from = performance.now();
  const reloading = setInterval(() => {
    counts.reloads += 1;
    server.say({ type: 'restart' });
  }, RELOAD_MS);
  let next = 0;
  const drive = async () => {
    let client;
    while (next < requests) {
      const id = ++next;
      if (client === undefined || client.ended) client = await Client.open(server.port);
      const outcome = await client.exchange(choose(id, random));
      counts[outcome] += 1;
      if (outcome !== 'answered') {
        client.socket.destroy();
        client = undefined;
      }
    }
    client?.socket.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, drive));
  clearInterval(reloading);
  const seconds = (performance.now() - from) / 1000;
  await server.stop();
  const runs = fs.readFileSync(log, 'utf8').split('\n').filter(Boolean);
  const twice = runs.length - new Set(runs).size;
  const smuggled = runs.filter((line) => line.includes('smuggled')).length;
  fs.rmSync(folder, { recursive: true, force: true });
  console.log(`${kind}: ${JSON.stringify({ ...counts, twice, smuggled, seconds: Math.round(seconds) })}`);
  return counts.unanswered + counts.crossed + twice + smuggled;
}

/** The kind of the request with this number. */
function choose(id, random) {
  const dice = random();
  const trap = 'GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n';
  const body = (size) => trap.repeat(Math.ceil(size / trap.length)).slice(0, size);
  if (dice < 0.02) return { method: 'GET', target: `/?id=${id}&ms=${5 + Math.floor(random() * 40)}` };
  if (dice < 0.05)
    return { method: 'POST', target: `/early?id=${id}`, body: body(200_000 + random() * 200_000) };
  if (dice < 0.08) return { method: 'POST', target: `/?id=${id}`, body: body(200_000 + random() * 200_000) };
  if (dice < 0.1) return { method: 'POST', target: `/?id=${id}`, body: body(300_000), abort: true };
  if (dice < 0.5) return { method: 'POST', target: `/?id=${id}`, body: body(random() * 4_000) };
  return { method: 'GET', target: `/?id=${id}` };
}

class Client {
  static async open(port) {
    const socket = net.connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Client(socket);
  }

  constructor(socket) {
    this.socket = socket.setNoDelay(true);
    this.text = '';
    this.ended = false;
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      this.text += part;
      this.wake?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  async exchange({ method, target, body = '', abort = false }) {
    this.text = '';
    const length = method === 'POST' ? `Content-Length: ${body.length}\r\n` : '';
    this.socket.write(`${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n`);
    if (abort) {
      this.socket.write(body.slice(0, body.length / 2));
      await new Promise(setImmediate);
      return 'aborted';
    }
    this.socket.write(body);
    const answer = await this.answer();
    if (answer === undefined) return 'unanswered';
    return answer.includes(` ${target} `) || answer.toLowerCase().includes(`x-target: ${target}\r\n`)
      ? 'answered'
      : 'crossed';
  }

  async answer() {
    const late = setTimeout(() => this.socket.destroy(), ANSWER_MS);
    try {
      for (;;) {
        const headEnd = this.text.indexOf('\r\n\r\n');
        if (headEnd >= 0) {
          const length = /\r\ncontent-length: (\d+)\r\n/i.exec(this.text)?.[1];
          const whole =
            length === undefined
              ? this.text.endsWith('\r\n0\r\n\r\n')
              : this.text.length >= headEnd + 4 + Number(length);
          if (whole) return this.text;
        }
        if (this.ended) return undefined;
        await new Promise((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
  }
}

async function start(speech, mode, log) {
  const args = [path.join(root, 'test/fixtures', APPS[speech]), '0', '--mode', mode, '--json', '--quiet'];
  if (speech !== 'node') args.push('--python', testPython());
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], {
    env: { ...process.env, RUN_LOG: log },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const say = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    let ready;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.type === 'ready') ready = Number(new URL(event.url).port);
      if (event.type === 'worker' && event.state === 'idle' && ready !== undefined) resolve(ready);
      if (event.type === 'error') console.error(event.error.message);
    });
    // After `ready` this changes nothing: the promise is settled.
    void exited.then((code) => reject(new Error(`The server ended with ${code}`)));
  });
  const stop = async () => {
    say({ type: 'stop' });
    await exited;
  };
  return { port, say, stop };
}

/** Numbers in [0, 1) by a seed (xorshift32). */
function seeded(seed) {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

let wrong = 0;
for (const kind of values.kinds.split(',')) wrong += await soak(kind);
process.exitCode = wrong > 0 ? 1 : 0;
