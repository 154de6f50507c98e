/** A desktop VS Code, downloaded by @vscode/test-electron. Each window is a separate application. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import {
  dataFolder,
  type HostOptions,
  ready,
  STEP_MS,
  VSIX,
  type VscodeHost,
  type WindowSize,
} from './host.ts';
import { packExtension } from './small-extension.ts';

export class DesktopHost implements VscodeHost {
  readonly dir: string;
  readonly state: string;
  #program: string;
  #arguments: string[];
  #windows = new Set<ElectronApplication>();
  #ended: Promise<unknown>[] = [];

  private constructor(program: string, args: string[], { dir, state }: Pick<VscodeHost, 'dir' | 'state'>) {
    this.#program = program;
    this.#arguments = args;
    this.dir = dir;
    this.state = state;
  }

  static async start(version: string, options: HostOptions): Promise<DesktopHost> {
    // desktop.mjs has downloaded it.
    const program = await downloadAndUnzipVSCode({ version });
    const folders = dataFolder(options);
    const data = ['--user-data-dir', path.join(folders.dir, 'data')];
    const extensions = ['--extensions-dir', path.join(folders.dir, 'extensions')];
    const [cli = '', ...more] = resolveCliArgsFromVSCodeExecutablePath(program, {
      reuseMachineInstall: true,
    });
    const files = [VSIX, ...(options.extensions ?? []).map(packExtension)];
    const installing = files.flatMap((file) => ['--install-extension', file]);
    execFileSync(cli, [...more, ...data, ...extensions, ...installing], {
      stdio: 'ignore',
      shell: process.platform === 'win32',
    });
    const quiet = ['--no-sandbox', '--disable-gpu', '--skip-welcome', '--skip-release-notes'];
    const silent = ['--disable-updates', '--disable-telemetry', '--no-cached-data'];
    return new DesktopHost(program, [...quiet, ...silent, ...data, ...extensions], folders);
  }

  async open(target: string | undefined, size: WindowSize = {}): Promise<Page> {
    const { width = 1200, height = 760 } = size;
    const app = await _electron.launch({
      executablePath: this.#program,
      args: [...this.#arguments, ...(target === undefined ? ['--new-window'] : [target])],
      env: environment(this.state),
    });
    this.#windows.add(app);
    this.#ended.push(once(app.process(), 'exit').then(() => this.#windows.delete(app)));
    const page = await app.firstWindow();
    page.setDefaultTimeout(STEP_MS);
    await page.setViewportSize({ width, height });
    await ready(page, size);
    return page;
  }

  /** Closing the last window ends the application, except on macOS, where it has to be closed itself. */
  async quiet(): Promise<void> {
    await Promise.all([...this.#windows].map((app) => app.close()));
    await Promise.all(this.#ended);
  }

  async close(): Promise<void> {
    await this.quiet();
    fs.rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(state: string): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(own), CONCURRENT_SERVER_STATE_DIR: state };
}
