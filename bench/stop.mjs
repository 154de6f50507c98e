/**
 * `node bench/stop.mjs [PROGRAMS] [PYTHON]`: how long a server takes to stop after the app ran many programs, which
 * have all exited, and how large its ledger is. Target: at most 300 ms after 5,000 programs.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TO_REACH_MS = 300;
const here = dirname(fileURLToPath(import.meta.url));
const [programs = '5000', python = 'python3'] = process.argv.slice(2);

const RUNS = [
  ...['thread', 'fork'].flatMap((mode) =>
    ['spawn', 'execFile'].map((way) => ({ mode, way, app: 'programs.js' })),
  ),
  ...['thread', 'fork'].flatMap((mode) =>
    ['subprocess', 'fork'].map((way) => ({ mode, way, app: 'programs.py' })),
  ),
];

/** Resolves once the whole answer has come; it may take minutes. */
function get(url) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, (response) => response.resume().once('end', resolve).once('error', reject));
    request.once('error', reject);
  });
}

async function measure({ app, mode, way }) {
  const state = mkdtempSync(join(tmpdir(), 'bench-stop-'));
  const words = [join(here, '../dist/cli.js'), join(here, 'apps', app), '0', '--json', '--mode', mode];
  const own = app.endsWith('.py') ? ['--python', python] : [];
  const server = spawn(process.execPath, [...words, ...own], {
    env: { ...process.env, CONCURRENT_SERVER_STATE_DIR: state },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const event = JSON.parse(line);
      if (event.type !== 'ready') continue;
      const startedAt = performance.now();
      await get(`${event.url}?${way}=${programs}`);
      const runMs = performance.now() - startedAt;
      const bytes = Math.max(0, ...readdirSync(state).map((name) => statSync(join(state, name)).size));
      const askedAt = performance.now();
      server.stdin.write('{"type":"stop","id":1}\n');
      await exited;
      return { runMs, bytes, stopMs: performance.now() - askedAt };
    }
    throw new Error('The server ended before it was ready.');
  } finally {
    server.kill('SIGKILL');
    rmSync(state, { recursive: true, force: true });
  }
}

let slow = 0;
for (const run of RUNS) {
  const { runMs, bytes, stopMs } = await measure(run);
  if (stopMs > TO_REACH_MS) slow += 1;
  const what = `${run.app}, ${run.mode}, ${run.way}`.padEnd(32);
  console.log(
    `${what} ${programs} programs in ${(runMs / 1000).toFixed(1)} s, ledger ${(bytes / 1024).toFixed(1)} KB, stop ${stopMs.toFixed(0)} ms`,
  );
}
process.exitCode = slow > 0 ? 1 : 0;
