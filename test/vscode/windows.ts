/** Windows for tests: folders with an app in them, and a look at what is left when they are gone. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { listProcesses } from '../../src/engine/process/identity.ts';
import { freePort, type VscodeHost } from './host.ts';
import { Workbench } from './workbench.ts';

/** Answers who it is; `/block` blocks for good, `/slow` waits 3 s, `/exit` ends its worker. */
export const APP = `
const http = require('node:http');
const { threadId } = require('node:worker_threads');
http.createServer((request, response) => {
  console.log('got ' + request.url);
  if (request.url === '/block') for (;;);
  if (request.url === '/exit') process.exit(7);
  if (request.url === '/slow') setTimeout(() => response.end('slow'), 3000);
  else response.end('hello from ' + process.pid + ' ' + threadId);
}).listen(process.env.PORT || 3000);
`;

export interface Project {
  dir: string;
  port: number;
  url: string;
}

/** A folder with files and workspace settings, and a port of its own. */
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

/** Settings below `concurrentServer`, as the user's editor would write them. */
export function writeSettings({ dir }: Pick<Project, 'dir'>, settings: Record<string, unknown>): void {
  const full = Object.entries(settings).map(([name, value]) => [`concurrentServer.${name}`, value]);
  fs.mkdirSync(path.join(dir, '.vscode'), { recursive: true });
  fs.writeFileSync(path.join(dir, '.vscode', 'settings.json'), JSON.stringify(Object.fromEntries(full)));
}

/** A window on a folder; `body` uses it, and it is closed, with a picture of it where something failed. */
export async function inWindow(
  host: VscodeHost,
  target: string,
  body: (bench: Workbench, page: Page) => Promise<void>,
  options: Parameters<VscodeHost['open']>[1] = {},
): Promise<void> {
  const page = await host.open(target, options);
  try {
    await body(new Workbench(page), page);
  } catch (error) {
    const file = path.join(os.tmpdir(), `failed-${Date.now()}.png`);
    await page.screenshot({ path: file }).catch(() => {});
    throw new Error(`${(error as Error).message}\nThe window is in ${file}`, { cause: error });
  } finally {
    await page.close();
  }
}

/** Text of an answer; the status stands before it where it is none of success. */
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

/** Living processes of a project: those whose command line names its folder. */
export async function processesOf({ dir }: Project): Promise<string[]> {
  const rows = await listProcesses();
  return rows
    .filter(({ command, zombie }) => !zombie && command.includes(dir))
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** Fails unless no process of the project is alive and its port is free, `withinMs` from now at the latest. */
export async function leavesNothing(of: Project, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = [...(await processesOf(of)), ...((await taken(of.port)) ? [`port ${of.port}`] : [])];
    if (left.length === 0) return;
    if (performance.now() > deadline) assert.deepEqual(left, []);
    await tick();
  }
}

/** Processes of others can only be looked at again and again. */
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
