/** Installs the packages of the cases into the user's cache, once for each package.json and kind of Node. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
const cacheHome = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const cache = join(cacheHome, 'concurrent-server-races');

const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The folder that has the cases' node_modules. Native addons are built there by node-gyp, so the key has Node's ABI.
 * The folder appears only when it is complete: an interrupted installation is started again.
 */
export async function install() {
  const manifest = await readFile(join(here, 'package.json'), 'utf8');
  const { modules } = process.versions;
  const key = createHash('sha256')
    .update(`${manifest} ${process.arch} ${modules}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(cache, key);
  if (await exists(folder)) return folder;

  await mkdir(cache, { recursive: true });
  const building = await mkdtemp(join(cache, 'installing-'));
  await cp(join(here, 'package.json'), join(building, 'package.json'));
  console.error(`Installing the packages of the cases into ${folder}; this takes some minutes.`);
  const root = dirname(dirname(process.execPath));
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: building,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      // npm and node-gyp then run on this Node, and find its headers beside it instead of downloading them.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      ...((await exists(join(root, 'include', 'node', 'node.h'))) && { npm_config_nodedir: root }),
    },
  });
  if (status !== 0) {
    await rm(building, { recursive: true, force: true });
    throw new Error('npm could not install the packages of the cases; see above.');
  }
  await rename(building, folder).catch(async (error) => {
    await rm(building, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  });
  return folder;
}

/** A folder for one run, beside the cases' node_modules; the caller removes it. */
export async function runFolder(installed) {
  await mkdir(join(installed, 'runs'), { recursive: true });
  return mkdtemp(join(installed, 'runs', `${process.pid}-`));
}

/** A fresh copy of a case at `to`: its app writes beside itself, and nothing is ever written in the repository. */
export async function copyCase(name, to) {
  await rm(to, { recursive: true, force: true });
  await cp(join(here, 'cases', name), to, { recursive: true });
  return to;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await install());
