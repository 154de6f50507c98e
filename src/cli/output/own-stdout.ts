/**
 * Everything in this process can write to descriptor 1, including native code in the app's threads. So the server
 * writes elsewhere, and what arrives on descriptor 1 is reported like the app's other output.
 *
 * Node can't duplicate a descriptor. For a terminal it need not: Node opens it a second time. For everything else a
 * `cat` holds the real stdout and copies the server's output to it. Windows has neither. There the threads separate
 * only what goes through Node's API (engine/workers/node/thread/own-descriptors.ts).
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isatty } from 'node:tty';
import { openDescriptors } from '../../engine/process/os/descriptors.ts';

/** How long the last output may take to get through the `cat`, in ms. */
const FLUSH_MS = 1000;

export interface OwnStdout {
  /** The stream that the server writes to. */
  stdout: Writable;
  /** Resolves when everything has been written, or after a second. */
  close(): Promise<void>;
}

/**
 * @param used whether the server writes to stdout
 * @param foreign called with what anything else in this process writes to descriptor 1
 */
export function ownStdout(used: boolean, foreign: (text: string) => void): OwnStdout {
  const own = process.platform === 'win32' ? undefined : apart(used);
  if (own === undefined) return { stdout: process.stdout, close: async () => {} };
  const decoder = new StringDecoder('utf8');
  openDescriptors({
    count: 1,
    beforeFirst: () => fs.closeSync(1),
    onStream: (_, stream) => stream.unref().on('data', (chunk: Buffer) => foreign(decoder.write(chunk))),
  });
  // `process.stdout` has to be this stream: Node would try to open descriptor 1, which is no longer stdout.
  Object.defineProperty(process, 'stdout', { value: own.stdout, configurable: true });
  return own;
}

/** Undefined if the server can only write to descriptor 1. */
function apart(used: boolean): OwnStdout | undefined {
  if (!used)
    return { stdout: new Writable({ write: (_chunk, _encoding, done) => done() }), close: async () => {} };
  if (!isatty(1)) return throughCat();
  const { fd } = (process.stdout as unknown as { _handle: { fd: number } })._handle;
  return fd === 1 ? undefined : { stdout: process.stdout, close: async () => {} };
}

function throughCat(): OwnStdout | undefined {
  // Detached, so that a terminal's signals reach only the server. It exits when its stdin ends.
  const cat = spawn('/bin/sh', ['-c', 'exec cat'], { stdio: ['pipe', 1, 'ignore'], detached: true });
  cat.on('error', () => {});
  const { stdin } = cat;
  if (cat.pid === undefined || stdin === null) return undefined;
  cat.unref();
  const exited = new Promise<void>((resolve) => cat.once('exit', () => resolve()));
  // It exits early if nobody reads its output. Node then closes its stdin without an error.
  void exited.then(() => stdin.emit('error', new Error('Nobody reads stdout.')));
  return {
    stdout: stdin,
    close: async () => {
      stdin.end();
      const late = setTimeout(() => cat.kill('SIGKILL'), FLUSH_MS);
      await exited;
      clearTimeout(late);
    },
  };
}
