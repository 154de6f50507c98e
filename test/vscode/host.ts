/** A real VS Code for the tests: one interface with two implementations. Neither leaves anything behind. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { keybindings, keyedCommands } from './keys.ts';
import type { SmallExtension } from './small-extension.ts';

export interface HostOptions {
  /** User settings in addition to those for clean pictures. */
  settings?: Record<string, unknown>;
  /** Extensions in addition to this one. */
  extensions?: SmallExtension[];
  /** With all built-in extensions, as users have them. Otherwise with those that the tests need, which is faster. */
  allBuiltin?: boolean;
}

export interface VscodeHost {
  /** The folder for its data and logs. */
  readonly dir: string;
  /** The folder of the servers' ledgers. */
  readonly state: string;
  /** Opens a window on a folder or a .code-workspace file, or an empty one, and waits until it can be used. */
  open(target: string | undefined, size?: WindowSize): Promise<Page>;
  /** Resolves when the extension hosts of closed windows have exited. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface WindowSize {
  width?: number;
  height?: number;
  /** A window in which VS Code does not activate this extension. */
  without?: boolean;
}

/** The package that users install, made by `npm run package`. */
export const VSIX = path.resolve('concurrent-server.vsix');

/** How long a window may take to be drawn, on a busy machine. */
export const READY_MS = 30_000;
/** How long anything in it may take to appear. */
export const STEP_MS = 15_000;

/** The version of the desktop VS Code to test in, set by run.mjs. Without it the tests use the server and a browser. */
const DESKTOP_VARIABLE = 'TEST_VSCODE_DESKTOP';

/** Starts the VS Code that {@link DESKTOP_VARIABLE} selects. */
export async function startVscode(options: HostOptions = {}): Promise<VscodeHost> {
  const version = process.env[DESKTOP_VARIABLE];
  if (version !== undefined) return (await import('./desktop-host.ts')).DesktopHost.start(version, options);
  return (await import('./web-host.ts')).WebHost.start(options);
}

const USER = path.join('data', 'User');

const CLEAN: Record<string, unknown> = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  // On by default in a browser.
  'files.autoSave': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  // Drawn as text in the page, so that tests can read it.
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.commandsToSkipShell': keyedCommands(),
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** A folder with user settings and keybindings, and one for ledgers. */
export function dataFolder({ settings = {} }: HostOptions): { dir: string; state: string } {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-'));
  const state = path.join(dir, 'state');
  fs.mkdirSync(state);
  fs.mkdirSync(path.join(dir, USER), { recursive: true });
  writeUserSettings(dir, settings);
  fs.writeFileSync(path.join(dir, USER, 'keybindings.json'), JSON.stringify(keybindings()));
  return { dir, state };
}

/** Writes user settings, in addition to those for clean pictures. Windows read some of them only when they open. */
export function writeUserSettings(dir: string, settings: Record<string, unknown> = {}): void {
  fs.writeFileSync(path.join(dir, USER, 'settings.json'), JSON.stringify({ ...CLEAN, ...settings }));
}

/** The workbench is drawn and the extension host answers. */
export async function ready(page: Page, { without = false }: WindowSize = {}): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: READY_MS });
  if (without) return;
  // The manifest contributes it, like the commands, which are then in the palette too.
  const ours = page.locator('.activitybar [aria-label^="Concurrent Server"]');
  await ours.first().waitFor({ timeout: READY_MS });
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
