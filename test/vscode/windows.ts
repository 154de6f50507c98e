/** Windows for tests: folders with an app, and checks that nothing is left of them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { CommandRow } from '../../src/engine/process/os/parsers.ts';
import { identify, listCommands } from '../../src/engine/process/os/process-table.ts';
import { freePort, ready, type VscodeHost } from './host.ts';
import { shows, Workbench } from './workbench.ts';

/** Answers with its process and thread. `/block` blocks for good, `/slow` takes 1.5 s. */
export const APP = `
const http = require('node:http');
const { threadId } = require('node:worker_threads');
http.createServer((request, response) => {
  console.log('got ' + request.url);
  if (request.url === '/block') for (;;);
  if (request.url === '/exit') process.exit(7);
  if (request.url === '/stack') console.log('http://' + request.headers.host + ' ' + new Error('a stack').stack.split('\\n', 2).join('\\n'));
  if (request.url === '/slow') setTimeout(() => response.end('slow'), 1500);
  else response.end('hello from ' + process.pid + ' ' + threadId);
}).listen(process.env.PORT || 3000);
`;

export interface Project {
  dir: string;
  port: number;
  url: string;
}

/** A folder with files, workspace settings and a free port. */
export async function project(
  files: Record<string, string> = { 'server.js': APP },
  settings: Record<string, unknown> = {},
): Promise<Project> {
  const dir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-project-')), 'shop');
  fs.mkdirSync(dir);
  const port = await freePort();
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), text);
  }
  writeSettings({ dir }, { port, workers: 2, ...settings });
  return { dir, port, url: `http://127.0.0.1:${port}` };
}

/** Writes workspace settings: those below `concurrentServer`, and others by their full name. */
export function writeSettings(
  { dir }: Pick<Project, 'dir'>,
  settings: Record<string, unknown>,
  others: Record<string, unknown> = {},
): void {
  const full = Object.entries(settings).map(([name, value]) => [`concurrentServer.${name}`, value]);
  fs.mkdirSync(path.join(dir, '.vscode'), { recursive: true });
  const text = JSON.stringify({ ...Object.fromEntries(full), ...others });
  fs.writeFileSync(path.join(dir, '.vscode', 'settings.json'), text);
}

let changes = 0;

/** Changes the settings of an open window. Resolves when they are in force: when the window has the title they set. */
export async function changeSettings(
  page: Page,
  app: Pick<Project, 'dir'>,
  settings: Record<string, unknown>,
  others: Record<string, unknown> = {},
): Promise<void> {
  const title = `settings ${++changes}`;
  writeSettings(app, settings, { ...others, 'window.title': title });
  await page.waitForFunction(`document.title === '${title}'`);
}

/** How long a test may take, once its window is open. */
const TEST_MS = 120_000;
/** How long folders may take to appear in an open window. */
const FOLDERS_MS = 4000;

/** Folders of several projects, by name, in one .code-workspace file. */
export interface Workspace {
  file: string;
  apps: Project[];
}

/** @param folders settings of each by its name */
export async function workspace(folders: Record<string, Record<string, unknown>>): Promise<Workspace> {
  const apps: Project[] = [];
  for (const [name, settings] of Object.entries(folders)) {
    const app = await project(undefined, settings);
    const dir = path.join(path.dirname(app.dir), name);
    fs.renameSync(app.dir, dir);
    apps.push({ ...app, dir });
  }
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'several-')), 'all.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders: apps.map(({ dir }) => ({ path: dir })) }));
  return { file, apps };
}

/** Opens a window, runs `body` and closes the window. Takes a picture if something fails. */
export async function inWindow(
  host: VscodeHost,
  target: string | Workspace | undefined,
  body: (bench: Workbench, page: Page) => Promise<void>,
): Promise<void> {
  const page = await host.open(typeof target === 'object' ? target.file : target);
  const bench = new Workbench(page);
  try {
    if (typeof target === 'object') await hasFolders(bench, target);
    await inTime(body(bench, page));
  } catch (error) {
    throw await withPicture(page, error);
  } finally {
    await page.close();
  }
}

/**
 * VS Code's web workbench sometimes opens a workspace before it can read files of the server, and shows no folders. It
 * either finds them later and reloads its page, or never does and is reloaded here.
 */
async function hasFolders(bench: Workbench, { apps }: Workspace): Promise<void> {
  const { page } = bench;
  const last = bench.row(path.basename(apps.at(-1)?.dir ?? '')).first();
  for (let attempt = 1; attempt <= 5; attempt++) {
    if (await shows(last, FOLDERS_MS)) {
      await page.evaluate('window.seen = true');
      // When the extension is active, a page that VS Code reloads has been reloaded.
      await bench.status('Delay').waitFor();
      if ((await page.evaluate('window.seen')) === true) return;
    } else await page.reload();
    await ready(page);
  }
  throw new Error('VS Code does not show the folders of the workspace.');
}

/** A named part of a test that has a window. Takes a picture if it fails. */
export async function part(
  t: TestContext,
  { page }: Workbench,
  name: string,
  body: () => Promise<void>,
): Promise<void> {
  await t.test(name, async () => {
    try {
      await body();
    } catch (error) {
      throw await withPicture(page, error);
    }
  });
}

/** Rejects after {@link TEST_MS}. */
export async function inTime(work: Promise<void>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((_resolve, reject) => {
    late = setTimeout(() => reject(new Error(`It took longer than ${TEST_MS} ms.`)), TEST_MS);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(late));
}

/** Adds a picture of the window to an error. */
export async function withPicture(page: Page, error: unknown): Promise<Error> {
  const file = path.join(os.tmpdir(), `failed-${Date.now()}.png`);
  const taken = await page.screenshot({ path: file }).then(
    () => `\nThe window is in ${file}`,
    () => '',
  );
  return new Error(`${error instanceof Error ? error.message : String(error)}${taken}`, { cause: error });
}

/** The text of a response, after its status if that is an error. */
export async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  return response.ok ? text : `${response.status} ${text}`;
}

/** Waits until `url` answers. */
export async function answers(url: string, withinMs = 15_000): Promise<string> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await get(url);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await tick();
    }
  }
}

/** Blocks all workers. Resolves when no request is answered any more. */
export async function blocked(url: string, workers = 1): Promise<void> {
  for (let nth = 0; nth < workers; nth++) get(`${url}/block`).catch(() => {});
  const answered = (): Promise<boolean> =>
    fetch(url, { signal: AbortSignal.timeout(500) }).then(
      () => true,
      () => false,
    );
  // Requests may still overtake the blocking ones.
  while (await answered()) await tick();
}

/** The process of the project's server. Its children have the same command line until they load their program. */
export async function serverOf(app: Project): Promise<CommandRow> {
  const rows = (await rowsOf(app)).filter(({ command }) => command.includes('cli.js'));
  const servers = rows.filter(({ ppid }) => !rows.some(({ pid }) => pid === ppid));
  assert.equal(servers.length, 1, servers.map(({ command }) => command).join('\n'));
  return servers[0]!;
}

/** Resolves when a killed process has exited. */
export async function ended(pid: number): Promise<void> {
  while ((await identify(pid)) !== undefined) await tick();
}

/** The running processes of a project: those whose command line names its folder. */
export async function processesOf(app: Project): Promise<string[]> {
  return (await rowsOf(app)).map(({ pid, command }) => `${pid} ${command}`);
}

async function rowsOf({ dir }: Project): Promise<CommandRow[]> {
  return (await listCommands()).filter(({ command, zombie }) => !zombie && command.includes(dir));
}

/** Fails unless, within `withinMs`, no process of the project runs and its port is free. */
export async function leavesNothing(of: Project, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = [...(await processesOf(of)), ...((await taken(of.port)) ? [`port ${of.port}`] : [])];
    if (left.length === 0) return;
    if (performance.now() > deadline) assert.deepEqual(left, []);
    await tick();
  }
}

/** A pause between two looks at processes of others, which emit no events. */
export function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
