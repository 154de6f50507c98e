/** The subjects that reload: how each is started on an app of one file, and informed of a save if it does not watch. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder, root } from '../subjects.mjs';

const script = (version) => `
const http = require('node:http');
http.createServer((request, response) => response.end('${version}')).listen(process.env.PORT, '127.0.0.1');
`;
const fetchHandler = (version) => `export default { fetch: () => new Response('${version}') };`;

const pm2 = join(packageFolder('pm2'), 'bin', 'pm2');

function ours(mode) {
  return {
    label: `concurrent-server --mode ${mode} --workers 2`,
    ours: true,
    argv: ({ file, port }) => [
      join(root, 'dist', 'cli.js'),
      ...[file, `127.0.0.1:${port}`, '--mode', mode, '--workers', '2', '--quiet', '--cwd', dirname(file)],
    ],
  };
}

/** `saved` is called after each save with the running subject. */
export const RELOADERS = {
  thread: ours('thread'),
  fork: ours('fork'),
  'node --watch': { label: 'node --watch app.js', argv: ({ file }) => ['--watch', file] },
  nodemon: {
    label: 'nodemon app.js',
    argv: ({ file }) => [
      join(packageFolder('nodemon'), 'bin', 'nodemon.js'),
      ...['--quiet', '--watch', dirname(file), file],
    ],
  },
  pm2: {
    label: 'PM2 cluster mode with two instances, `pm2 reload` after each save',
    daemon: { homeVariable: 'PM2_HOME', pidFile: 'pm2.pid', stopArgv: () => [pm2, 'kill'] },
    argv: ({ file }) => [pm2, 'start', file, '--instances', '2', '--name', 'bench'],
    saved: ({ node, options }) => void spawn(node, [pm2, 'reload', 'bench'], { ...options, stdio: 'ignore' }),
  },
  'env-runner': {
    label: 'env-runner --watch',
    app: 'app.mjs',
    text: fetchHandler,
    argv: ({ file, port }) => [
      join(packageFolder('env-runner'), 'dist', 'cli.mjs'),
      ...[file, '--watch', '--runner', 'node-worker', '--port', String(port), '--host', '127.0.0.1'],
    ],
  },
};

/** Saves the app of a subject; returns its file. */
export function saveApp({ app = 'app.js', text = script }, folder, version) {
  const file = join(folder, app);
  writeFileSync(file, text(version));
  return file;
}

export function saveBroken({ app = 'app.js' }, folder) {
  writeFileSync(join(folder, app), 'const broken = ;\n');
}
