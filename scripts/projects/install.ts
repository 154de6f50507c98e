/** Gets a project: runs its steps once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { CACHE, folderOf, keyOf } from './cache.ts';
import { environment } from './environment.ts';
import type { Project, Step } from './project.ts';

const STEP_MS = 900_000;
/** Where public repositories come from; `{owner}` and `{name}` are filled in. A mirror may stand for GitHub. */
const GIT = process.env.CONCURRENT_SERVER_PROJECTS_GIT ?? 'https://github.com/{owner}/{name}';
/** Those of a company's proxy, which npm may need; a run reads none, since that takes Node 20 0.1 s. */
const CERTIFICATES = { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '' };
const NPM = 'npm install --no-audit --no-fund --loglevel=error';

/**
 * Does nothing if the same steps have succeeded before.
 * @throws Error with the last lines of the step that failed
 */
export async function install(project: Project): Promise<void> {
  const folder = folderOf(project);
  const marker = path.join(folder, '.installed');
  const key = keyOf([project.get, project.node]);
  if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === key) return;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const step of project.get) await take(project, step, folder);
  fs.writeFileSync(marker, key);
}

async function take(project: Project, step: Step, folder: string): Promise<void> {
  if ('files' in step) {
    for (const [name, text] of Object.entries(step.files)) {
      const file = path.join(folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  } else if ('npm' in step) {
    const manifest = path.join(folder, 'package.json');
    // Else npm would install into a package.json above.
    if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, '{ "private": true }\n');
    await shell(project, `${NPM} ${step.npm.join(' ')}`, folder);
  } else if ('debian' in step) {
    await debian(project, step.debian, folder);
  } else if ('github' in step) {
    const source = await repository(project, step.github);
    await shell(project, `git -C '${source}' archive HEAD ${step.folders.join(' ')} | tar -x`, folder);
  } else {
    await shell(project, step.run, folder);
  }
}

async function debian(project: Project, packages: readonly string[], folder: string): Promise<void> {
  const missing = `dpkg -s ${packages.join(' ')} >/dev/null 2>&1`;
  const get = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  await shell(project, `${missing} || ${get} || { apt-get update && ${get}; }`, folder);
}

/** A clone of the newest commit, made once; @returns its folder */
async function repository(project: Project, name: string): Promise<string> {
  const [owner = '', repo = ''] = name.split('/');
  const folder = path.join(CACHE, 'sources', `${owner}+${repo}`);
  if (fs.existsSync(folder)) return folder;
  const from = GIT.replace('{owner}', owner).replace('{name}', repo);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const clone = `git clone --quiet --no-checkout --depth 1 '${from}' '${folder}.new' && mv '${folder}.new' '${folder}'`;
  await shell(project, `rm -rf '${folder}.new' && ${clone}`, path.dirname(folder));
  return folder;
}

/** Runs a command to its end; @throws Error with its last lines if it fails */
export async function shell(project: Project, command: string, folder: string): Promise<void> {
  const child = spawn('sh', ['-c', command], {
    cwd: folder,
    env: {
      ...environment(project, folder, { CI: '1', npm_config_yes: 'true', ...CERTIFICATES }),
      // As production, npm would leave out the tools that build.
      NODE_ENV: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const collect = (text: Buffer): void => {
    output = (output + text.toString()).slice(-4000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), STEP_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  if (code === 0) return;
  const lines = output.trim().split('\n').slice(-12).join('\n');
  throw new Error(`\`${command}\` ${code === null ? 'took too long' : `failed with ${code}`}:\n${lines}`);
}
