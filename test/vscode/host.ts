/** A real VS Code: its server, a headless Chromium, and one window on a folder. Nothing of it is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { listProcesses } from '../../src/engine/process/identity.ts';
import { descendantsIn } from '../../src/engine/process/tree.ts';
import { findChromium, installVscode } from './install.mjs';

/** What `npm run package` makes; the tests use what a user installs. */
const VSIX = 'concurrent-server.vsix';
const READY_MS = 60_000;

export interface HostOptions {
  /** User settings beside those for clean pictures. */
  settings?: Record<string, unknown>;
  /** Ask for trust as VS Code does; else every folder is trusted. */
  trust?: boolean;
  /** Variables of the server, and so of the extension host. */
  env?: Record<string, string>;
}

const CLEAN: Record<string, unknown> = {
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  // Drawn as text in the page, so that it can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

export class VscodeHost {
  readonly port: number;
  readonly dir: string;
  /** Where its servers write down what they started. */
  readonly state: string;
  #server: ChildProcess;
  #browser: Browser;
  /** One for all windows, so that the workbench is loaded and compiled once. */
  #context: BrowserContext;

  private constructor(
    port: number,
    dir: string,
    server: ChildProcess,
    browser: Browser,
    context: BrowserContext,
  ) {
    this.port = port;
    this.dir = dir;
    this.state = stateIn(dir);
    this.#server = server;
    this.#browser = browser;
    this.#context = context;
  }

  static async start({ settings = {}, trust = false, env = {} }: HostOptions = {}): Promise<VscodeHost> {
    const vscode = installVscode();
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-'));
    const user = path.join(dir, 'data', 'User');
    fs.mkdirSync(user, { recursive: true });
    fs.writeFileSync(path.join(user, 'settings.json'), JSON.stringify({ ...CLEAN, ...settings }));
    const node = path.resolve('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
    const main = path.join(vscode, 'out', 'server-main.js');
    const dirs = ['--server-data-dir', dir, '--accept-server-license-terms', '--telemetry-level', 'off'];
    await finished(spawn(node, [main, ...dirs, '--install-extension', path.resolve(VSIX)]));
    const port = await freePort();
    const server = spawn(
      node,
      [
        main,
        ...dirs,
        ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
        ...(trust ? [] : ['--disable-workspace-trust']),
        ...['--reconnection-grace-time', '1'],
      ],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, CONCURRENT_SERVER_STATE_DIR: stateIn(dir), ...env },
      },
    );
    process.once('exit', () => killGroup(server));
    await says(server, 'Extension host agent listening');
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    return new VscodeHost(port, dir, server, browser, context);
  }

  /** Opens a window on a folder or a .code-workspace file, and waits until it can be used. */
  async open(target: string, { width = 1200, height = 760 } = {}): Promise<Page> {
    const page = await this.#context.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(this.urlOf(target));
    await ready(page);
    return page;
  }

  urlOf(target: string): string {
    const kind = target.endsWith('.code-workspace') ? 'workspace' : 'folder';
    return `http://127.0.0.1:${this.port}/?${new URLSearchParams({ [kind]: target })}`;
  }

  /** Process of VS Code's server. */
  get pid(): number {
    return this.#server.pid ?? 0;
  }

  /** Processes of the extension hosts, one a window. */
  async extensionHosts(): Promise<number[]> {
    const rows = descendantsIn(await listProcesses(), this.pid);
    return rows.filter(({ command }) => command.includes('--type=extensionHost')).map(({ pid }) => pid);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    const gone = new Promise((resolve) => this.#server.once('exit', resolve));
    if (this.#server.exitCode === null && this.#server.signalCode === null) {
      this.#server.kill('SIGTERM');
      const late = setTimeout(() => killGroup(this.#server), 8000);
      await gone;
      clearTimeout(late);
    }
    killGroup(this.#server);
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The workbench is drawn and the extension host answers. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: READY_MS });
  // Contributed by our manifest, so its commands are in the palette as well.
  const ours = page.locator('.activitybar [aria-label^="Concurrent Server"]');
  await ours.first().waitFor({ timeout: READY_MS });
}

function stateIn(dir: string): string {
  const state = path.join(dir, 'state');
  fs.mkdirSync(state, { recursive: true });
  return state;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

function says(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`VS Code did not start: ${said}`)), READY_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes(words)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`VS Code ended with ${code}: ${said}`)));
  });
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
