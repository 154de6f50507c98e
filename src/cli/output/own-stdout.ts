/**
 * Descriptor 1 belongs to everything in this process, also to native code in the app's threads. So what the server says
 * goes another way, and what comes on descriptor 1 is told like the app's other output.
 *
 * Node can't duplicate a descriptor. A terminal need not be: Node has opened it once more. For everything else a `cat`
 * holds the real stdout, and copies to it what the server says. Windows has neither; there only what goes through Node's
 * own API is kept apart, by the threads themselves (engine/workers/thread/own-descriptors.ts).
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isatty } from 'node:tty';
import { openDescriptors } from '../../engine/process/os/descriptors.ts';

/** How long the last words may take to get to where stdout goes, in ms. */
const LAST_MS = 1000;

export interface OwnStdout {
  /** Where the server's own words go. */
  stdout: Writable;
  /** Resolves once all that was written has arrived, or nobody takes it. */
  close(): Promise<void>;
}

/**
 * @param used the server speaks on stdout
 * @param foreign gets what anything else in this process writes to descriptor 1
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
  // Whoever asks for it gets the real one: Node would make a second stream of descriptor 1, and can't.
  Object.defineProperty(process, 'stdout', { value: own.stdout, configurable: true });
  return own;
}

/** Undefined where the server's words can't go but by descriptor 1. */
function apart(used: boolean): OwnStdout | undefined {
  if (!used)
    return { stdout: new Writable({ write: (_chunk, _encoding, done) => done() }), close: async () => {} };
  if (!isatty(1)) return throughCat();
  const { fd } = (process.stdout as unknown as { _handle: { fd: number } })._handle;
  return fd === 1 ? undefined : { stdout: process.stdout, close: async () => {} };
}

function throughCat(): OwnStdout | undefined {
  // In a session of its own: what a terminal sends to everybody is the server's to answer. It ends with its stdin.
  const cat = spawn('/bin/sh', ['-c', 'exec cat'], { stdio: ['pipe', 1, 'ignore'], detached: true });
  cat.on('error', () => {});
  const { stdin } = cat;
  if (cat.pid === undefined || stdin === null) return undefined;
  cat.unref();
  const gone = new Promise<void>((resolve) => cat.once('exit', () => resolve()));
  // It ends early where nobody reads what it copies. Node closes its stdin then, without an error.
  void gone.then(() => stdin.emit('error', new Error('Nobody reads stdout.')));
  return {
    stdout: stdin,
    close: async () => {
      stdin.end();
      const late = setTimeout(() => cat.kill('SIGKILL'), LAST_MS);
      await gone;
      clearTimeout(late);
    },
  };
}
