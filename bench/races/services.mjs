/** PostgreSQL and Redis for the cases: own instances on free ports, in a temporary folder that goes with them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const DEBIAN = '/usr/lib/postgresql';

/**
 * A port that is free now, below those that the system hands out: between this and the app's own `listen` no program
 * gets it by asking for any port.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer().listen(port);
    const free = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const onPath = (command) => spawnSync('which', [command], { encoding: 'utf8' }).stdout.trim();

/** Debian keeps initdb and postgres off the path, a folder for each major version. */
function postgresFolder() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (found) return found;
  const initdb = onPath('initdb');
  return initdb ? join(initdb, '..') : undefined;
}

/** PostgreSQL refuses to run as root: then it runs as the user of Debian's package. */
function postgresUser() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(port, child, what) {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (child.exitCode !== null) throw new Error(`${what} ended while it started.`);
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      wait(1000, false),
    ]);
    socket.destroy();
    if (open) return;
    await wait(20);
  }
  throw new Error(`${what} did not answer within 10 s.`);
}

function service(what, child, folder, signal) {
  const ended = once(child, 'exit');
  const atExit = () => {
    // PostgreSQL's other processes end a moment after the first one.
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.on('exit', atExit);
  return {
    what,
    async stop() {
      child.kill(signal);
      await ended;
      process.off('exit', atExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a cluster with the settings that initdb writes: its durability is part of a race's window. Returns undefined
 * if PostgreSQL is not installed. `database(name)` creates an empty database and tells its URL.
 */
export async function startPostgres() {
  const bin = postgresFolder();
  if (!bin) return undefined;
  const user = postgresUser();
  const folder = mkdtempSync(join(tmpdir(), 'races-postgres-'));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8', '--no-instructions'],
    {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const port = await freePort();
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'],
    {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const running = service('PostgreSQL', child, folder, 'SIGINT');
  await answers(port, child, 'PostgreSQL');
  const url = (database) => `postgres://bench@127.0.0.1:${port}/${database}`;
  const sql = (statement) => spawnSync('psql', [url('postgres'), '-qc', statement], { encoding: 'utf8' });
  // The port answers a moment before the server takes commands.
  for (let attempt = 0; sql('SELECT 1').status !== 0; attempt++) {
    if (attempt > 100) throw new Error('PostgreSQL takes no commands.');
    await wait(50);
  }
  return {
    ...running,
    database(name) {
      const { status, stderr } = sql(`CREATE DATABASE "${name}"`);
      if (status !== 0 && !stderr.includes('already exists')) throw new Error(stderr);
      return url(name);
    },
  };
}

/** Starts Redis without persistence. Returns undefined if it is not installed. `database()` tells the URL of a further database. */
export async function startRedis() {
  const server = onPath('redis-server');
  if (!server) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'races-redis-'));
  const port = await freePort();
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--databases',
    '64',
  ];
  const child = spawn(server, settings.map(String), { cwd: folder, stdio: 'ignore' });
  const running = service('Redis', child, folder, 'SIGTERM');
  await answers(port, child, 'Redis');
  let next = 0;
  return { ...running, database: () => `redis://127.0.0.1:${port}/${next++}` };
}

const KINDS = {
  postgres: { start: startPostgres, variable: 'DATABASE_URL', missing: 'apt-get install postgresql' },
  redis: { start: startRedis, variable: 'REDIS_URL', missing: 'apt-get install redis-server' },
};

/** A signal ends this process as `exit` does, so that its handlers take along what it started. */
export function endOnSignals() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, () => process.exit(code));
}

/** Starts a service when a case first needs it. `environment(case)` has the variables of the case, or `missing`. */
export function services() {
  const running = new Map();
  return {
    async environment({ name, needs = [] }) {
      const variables = {};
      for (const need of needs) {
        const kind = KINDS[need];
        if (!running.has(need)) running.set(need, await kind.start());
        const started = running.get(need);
        if (!started) return { missing: `${need} is not installed (${kind.missing})` };
        variables[kind.variable] = started.database(name.replaceAll('-', '_'));
      }
      return { variables };
    },
    async stop() {
      await Promise.all([...running.values()].map((started) => started?.stop()));
    },
  };
}
