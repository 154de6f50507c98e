/**
 * The subjects of the comparison: how each is started on a port, and with which app. All run on this machine's Node.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const app = (name) => join(here, 'apps', name);
/** The repository's folder, with a separator at its end. */
export const root = join(here, '..', sep);

/** The folder of an installed package, even if its `exports` hide its package.json. */
export function packageFolder(name) {
  for (const folder of require.resolve.paths(name)) {
    const candidate = join(folder, name);
    try {
      require(join(candidate, 'package.json'));
      return candidate;
    } catch {
      // Not in this node_modules; the next one above may have it.
    }
  }
  throw new Error(`${name} is not installed; run npm install`);
}

/** Version of an installed peer. */
export function versionOf(name) {
  return require(join(packageFolder(name), 'package.json')).version;
}

function ours(mode, ...options) {
  return {
    label: `concurrent-server --mode ${mode}${options.map((option) => ` ${option}`).join('')}`,
    ours: true,
    argv: ({ port, workers }) => [
      join(root, 'dist', 'cli.js'),
      app('server.js'),
      `127.0.0.1:${port}`,
      ...['--workers', String(workers), '--mode', mode, ...options],
    ],
  };
}

function envRunner(runner) {
  return {
    label: `env-runner --runner ${runner} (one worker, its only size)`,
    argv: ({ port }) => [
      join(packageFolder('env-runner'), 'dist', 'cli.mjs'),
      app('fetch.mjs'),
      ...['--runner', runner, '--port', String(port), '--host', '127.0.0.1'],
    ],
  };
}

/**
 * By name. `argv` follows `node`; `daemon` marks a command that leaves a daemon behind, which keeps its files in the
 * folder `home` and ends by `stopArgv`.
 */
export const SUBJECTS = {
  bare: { label: 'node app.js', argv: () => [app('server.js')] },
  cluster: { label: 'node:cluster', argv: () => [app('cluster.js')] },
  pm2: {
    label: 'PM2 cluster mode',
    daemon: {
      homeVariable: 'PM2_HOME',
      pidFile: 'pm2.pid',
      stopArgv: () => [join(packageFolder('pm2'), 'bin', 'pm2'), 'kill'],
    },
    argv: ({ workers }) => [
      join(packageFolder('pm2'), 'bin', 'pm2'),
      ...['start', app('server.js'), '--instances', String(workers), '--name', 'bench'],
    ],
  },
  'env-worker': envRunner('node-worker'),
  'env-process': envRunner('node-process'),
  thread: ours('thread'),
  fork: ours('fork'),
  'thread-quiet': ours('thread', '--quiet'),
  'fork-quiet': ours('fork', '--quiet'),
};

/** The names in `names` that are the product itself. */
export const oursAmong = (names) => names.filter((name) => SUBJECTS[name].ours);
