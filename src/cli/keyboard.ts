/** Single keys as commands, where a person sits at the terminal. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { ReadStream } from 'node:tty';

export interface KeyActions {
  restart(): void;
  toggleDelay(): void;
  open(): void;
  help(): void;
  /** The first time drains, the second time stops at once. */
  quit(): void;
  /** An empty line, to set a mark between what was and what comes. */
  mark(): void;
}

/** What a key does; undefined for one that means nothing. Ctrl-C arrives as a character, because keys are read raw. */
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
 * Reads keys until the returned function is called, which gives the terminal back. Does nothing in the background:
 * there a process that touches the terminal is stopped by it (SIGTTOU), and the server with it.
 */
export async function readKeys(stdin: ReadStream, actions: KeyActions): Promise<() => void> {
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
    // Here again once it was continued, or at once where nobody could do that and the signal counts for nothing.
    void listen();
  };
  const onData = (chunk: Buffer): void => {
    const text = chunk.toString();
    // Arrow keys and the like come as escape sequences, whose letters are no keys.
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

/** Whether this process is the one the terminal talks to. Where it cannot be told, it is taken to be. */
async function inForeground(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
    // After the name, which may hold anything: state, ppid, pgrp, session, tty, foreground group.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  }
  return new Promise((resolve) => {
    execFile('/bin/ps', ['-o', 'stat=', '-p', String(process.pid)], (error, stdout) => {
      resolve(error !== null || stdout.includes('+'));
    });
  });
}
