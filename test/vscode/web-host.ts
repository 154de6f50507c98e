/** VS Code's own server and a headless Chromium: the real extension host, the real workbench, no display needed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { descendantsIn } from '../../src/engine/process/os/descendants.ts';
import { listCommands } from '../../src/engine/process/os/process-table.ts';
import {
  dataFolder,
  freePort,
  type HostOptions,
  READY_MS,
  ready,
  STEP_MS,
  VSIX,
  type VscodeHost,
  type WindowSize,
} from './host.ts';
import { findChromium, installVscode } from './install.mjs';
import { writeExtension } from './small-extension.ts';

export class WebHost implements VscodeHost {
  readonly port: number;
  readonly dir: string;
  readonly state: string;
  #server: ChildProcess;
  #browser: Browser;
  /** Shared by all windows, so that the workbench is loaded once. */
  #context: BrowserContext;
  #windows = new Set<Page>();

  private constructor(
    port: number,
    { dir, state }: Pick<VscodeHost, 'dir' | 'state'>,
    server: ChildProcess,
    browser: Browser,
    context: BrowserContext,
  ) {
    this.port = port;
    this.dir = dir;
    this.state = state;
    this.#server = server;
    this.#browser = browser;
    this.#context = context;
  }

  static async start(options: HostOptions = {}): Promise<WebHost> {
    const vscode = installVscode();
    const chromiumFile = findChromium();
    const folders = dataFolder(options);
    const { dir, state } = folders;
    const node = path.resolve('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
    const main = path.join(vscode, 'out', 'server-main.js');
    const dirs = ['--server-data-dir', dir, '--accept-server-license-terms', '--telemetry-level', 'off'];
    dirs.push('--builtin-extensions-dir', builtin(vscode, dir, options));
    const port = await freePort();
    const server = spawn(
      node,
      [
        main,
        ...dirs,
        ...['--install-extension', VSIX, '--start-server'],
        ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
        ...['--reconnection-grace-time', '1'],
      ],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, CONCURRENT_SERVER_STATE_DIR: state },
      },
    );
    process.once('exit', () => killGroup(server));
    const [browser] = await Promise.all([
      chromium.launch({
        executablePath: chromiumFile,
        args: [...FLAGS, LOOPBACK],
      }),
      says(server, 'Extension host agent listening'),
    ]);
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    context.setDefaultTimeout(STEP_MS);
    // An open page keeps the browser's process for the site, with the compiled workbench.
    await (await context.newPage()).goto(`http://127.0.0.1:${port}/version`);
    return new WebHost(port, folders, server, browser, context);
  }

  async open(target: string | undefined, size: WindowSize = {}): Promise<Page> {
    const { width = 1200, height = 760 } = size;
    const page = await this.#context.newPage();
    this.#windows.add(page);
    page.once('close', () => this.#windows.delete(page));
    await page.setViewportSize({ width, height });
    await page.goto(this.#urlOf(target));
    await ready(page, size);
    while (target?.endsWith('.code-workspace') && (await isWithoutFolder(page))) {
      await page.reload();
      await ready(page, size);
    }
    return page;
  }

  async quiet(): Promise<void> {
    while ((await this.extensionHosts()).length > this.#windows.size)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** The processes of the extension hosts, one per window. */
  async extensionHosts(): Promise<number[]> {
    const rows = descendantsIn(await listCommands(), this.#server.pid ?? 0);
    return rows.filter(({ command }) => command.includes('--type=extensionHost')).map(({ pid }) => pid);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode === null && this.#server.signalCode === null) {
      const exited = once(this.#server, 'exit');
      this.#server.kill('SIGTERM');
      const late = setTimeout(() => killGroup(this.#server), 8000);
      await exited;
      clearTimeout(late);
    }
    killGroup(this.#server);
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  #urlOf(target: string | undefined): string {
    const base = `http://127.0.0.1:${this.port}/`;
    // Without a parameter the server opens the last folder.
    if (target === undefined) return `${base}?ew=true`;
    const kind = target.endsWith('.code-workspace') ? 'workspace' : 'folder';
    return `${base}?${new URLSearchParams({ [kind]: target })}`;
  }
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--process-per-site',
  // Streaming would compile the workbench again for each window.
  '--js-flags=--no-script-streaming',
];
/** VS Code's page asks a gallery for extensions. No request of a test may leave the machine. */
const LOOPBACK = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';

/** The built-in extensions that the tests use: colours, two languages, settings as JSON, debugger, browser. */
const BUILTIN = [
  'configuration-editing',
  'debug-server-ready',
  'javascript',
  'json',
  'ms-vscode.js-debug',
  'python',
  'simple-browser',
  'theme-defaults',
  'theme-seti',
];

/** A folder with only these, and the tests' own. The others would slow down the start of a window by a third. */
function builtin(vscode: string, dir: string, { allBuiltin = false, extensions = [] }: HostOptions): string {
  const all = path.join(vscode, 'extensions');
  const folder = path.join(dir, 'builtin');
  fs.mkdirSync(folder);
  for (const name of allBuiltin ? foldersIn(all) : BUILTIN) {
    fs.symlinkSync(path.join(all, name), path.join(folder, name), 'junction');
  }
  for (const extension of extensions) writeExtension(extension, path.join(folder, extension.name));
  return folder;
}

function foldersIn(dir: string): string[] {
  const entries = fs.readdirSync(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** VS Code sometimes reads the workspace file before it is connected, and then treats it as empty. */
async function isWithoutFolder(page: Page): Promise<boolean> {
  const none = page.getByText('You have not yet added a folder to the workspace.');
  await page.locator('.explorer-folders-view .monaco-list-row').or(none).first().waitFor();
  return none.isVisible();
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has exited.
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
