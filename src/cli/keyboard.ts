/** Single keys as commands, for a person at the terminal. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { ReadStream } from 'node:tty';
import type { RandomDelayConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine } from '../protocol/messages.ts';
import { openInBrowser } from './open-browser.ts';
import type { Channel } from './output/driver-channel.ts';
import { delayText, keyText } from './output/format.ts';

/** What the keys act on, beside the engine. */
export interface KeyTarget {
  url: string;
  /** As the server was started. */
  delay: RandomDelayConfig;
  quit(): void;
}

export interface KeyActions {
  restart(): void;
  toggleDelay(): void;
  open(): void;
  help(): void;
  /** The first call drains, the second stops at once. */
  quit(): void;
  /** Prints an empty line, to separate what follows. */
  mark(): void;
}

/** Handles keys of the terminal until the returned function is called. */
export function startKeys(
  { url, delay, quit }: KeyTarget,
  engine: Engine,
  channel: Channel,
): Promise<() => void> {
  let { enabled } = delay;
  const send = (command: Command, done: () => void): void => {
    engine.command(command).then(done, (error: unknown) => {
      channel.send({ type: 'error', error: ServerError.from(error).toWire() });
    });
  };
  return readKeys(process.stdin, {
    quit,
    restart: () => send({ type: 'restart' }, () => log(channel, 'restarting')),
    toggleDelay: () => {
      const next = { ...delay, enabled: !enabled };
      send({ type: 'set', randomDelay: { enabled: next.enabled } }, () => {
        enabled = next.enabled;
        log(channel, `delay: ${delayText(next)}`);
      });
    },
    open: () => open(url, channel),
    help: () => log(channel, `keys: ${keyText()}`),
    mark: () => log(channel, ''),
  });
}

/** Opens the browser; logs a warning if that fails. */
export function open(url: string, channel: Channel): void {
  openInBrowser(url, (why) => log(channel, why, 'warn'));
}

function log(channel: Channel, text: string, level: 'info' | 'warn' = 'info'): void {
  channel.send({ type: 'log', level, source: 'server', text });
}

/** The action of a key; undefined if it has none. Ctrl-C arrives as a character, because keys are read raw. */
export function actionOf(key: string): keyof KeyActions | 'suspend' | undefined {
  switch (key) {
    case 'r':
      return 'restart';
    case 'd':
      return 'toggleDelay';
    case 'o':
      return 'open';
    case 'h':
    case '?':
      return 'help';
    case 'q':
    case '\u0003':
      return 'quit';
    case '\u001a':
      return 'suspend';
    case '\r':
    case '\n':
      return 'mark';
    default:
      return undefined;
  }
}

/**
 * Reads keys until the returned function is called, which releases the terminal. Does nothing while this process is in
 * the background: there the terminal stops a process that changes its mode (SIGTTOU).
 */
async function readKeys(stdin: ReadStream, actions: KeyActions): Promise<() => void> {
  let closed = false;
  const listen = async (): Promise<void> => {
    if (closed || !(await inForeground())) return;
    stdin.setRawMode(true);
    stdin.resume();
  };
  const release = (): void => {
    if (stdin.isRaw) stdin.setRawMode(false);
    stdin.pause();
  };
  const suspend = (): void => {
    if (process.platform === 'win32') return;
    release();
    process.kill(process.pid, 'SIGTSTP');
    // The process continues here after SIGCONT, or at once if no shell could continue it and the signal is ignored.
    void listen();
  };
  const onData = (chunk: Buffer): void => {
    const text = chunk.toString();
    // Arrow keys and the like send escape sequences; their letters are not keys.
    if (text.startsWith('\u001b')) return;
    for (const key of text) {
      const action = actionOf(key);
      if (action === 'suspend') suspend();
      else if (action !== undefined) actions[action]();
    }
  };
  const onContinue = (): void => void listen();
  stdin.on('data', onData);
  stdin.pause();
  if (process.platform !== 'win32') process.on('SIGCONT', onContinue);
  await listen();
  return () => {
    closed = true;
    stdin.off('data', onData);
    process.off('SIGCONT', onContinue);
    release();
    stdin.unref();
  };
}

/** Whether this process is in the terminal's foreground group; true if that cannot be found out. */
async function inForeground(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
    // After the name, which may contain anything: state, ppid, pgrp, session, tty, foreground group.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  }
  return new Promise((resolve) => {
    execFile('/bin/ps', ['-o', 'stat=', '-p', String(process.pid)], (error, stdout) => {
      resolve(error !== null || stdout.includes('+'));
    });
  });
}
