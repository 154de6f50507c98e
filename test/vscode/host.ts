/** A real VS Code for the tests: one interface, two hosts behind it. Nothing of either is left behind. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { keybindings, keyedCommands } from './keys.ts';
import type { SmallExtension } from './small-extension.ts';

export interface HostOptions {
  /** User settings beside those for clean pictures. */
  settings?: Record<string, unknown>;
  /** Extensions beside ours. */
  extensions?: SmallExtension[];
  /** Every extension that VS Code brings, as a user has them; else those that the tests need, for the time it saves. */
  allBuiltin?: boolean;
}

export interface VscodeHost {
  /** A folder of its own, for its data and logs. */
  readonly dir: string;
  /** Where servers write down what they started. */
  readonly state: string;
  /** Opens a window on a folder or a .code-workspace file, and waits until it can be used; no target: an empty one. */
  open(target: string | undefined, size?: WindowSize): Promise<Page>;
  /** Resolves when the extension hosts of closed windows are gone. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface WindowSize {
  width?: number;
  height?: number;
  /** VS Code is to leave our extension out of this window. */
  without?: boolean;
}

/** What `npm run package` makes; the tests use what a user installs. */
export const VSIX = path.resolve('concurrent-server.vsix');

/** How long a window may take to be drawn, on a machine that does much else. */
export const READY_MS = 30_000;
/** How long anything in it may take to show. */
export const STEP_MS = 15_000;

/** Names the version of a desktop VS Code to test in (run.mjs sets it); without it, the server and a browser are used. */
const DESKTOP_VARIABLE = 'TEST_VSCODE_DESKTOP';

/** Starts the host that the tests were called for. */
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
  // In a browser it is on.
  'files.autoSave': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  // Drawn as text in the page, so that it can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.commandsToSkipShell': keyedCommands(),
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** A folder with a user's settings and keys in it, and one for what servers write down. */
export function dataFolder({ settings = {} }: HostOptions): { dir: string; state: string } {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-'));
  const state = path.join(dir, 'state');
  fs.mkdirSync(state);
  fs.mkdirSync(path.join(dir, USER), { recursive: true });
  writeUserSettings(dir, settings);
  fs.writeFileSync(path.join(dir, USER, 'keybindings.json'), JSON.stringify(keybindings()));
  return { dir, state };
}

/** Settings of a host's user, beside those for clean pictures; windows read some only as they open. */
export function writeUserSettings(dir: string, settings: Record<string, unknown> = {}): void {
  fs.writeFileSync(path.join(dir, USER, 'settings.json'), JSON.stringify({ ...CLEAN, ...settings }));
}

/** The workbench is drawn and the extension host answers. */
export async function ready(page: Page, { without = false }: WindowSize = {}): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: READY_MS });
  if (without) return;
  // Contributed by our manifest, so its commands are in the palette as well.
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
