/** Real descriptors for a thread's stdout and stderr: what it and its children write there comes back to the server. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MARK_BYTES, mark } from '../../../protocol/output-marks.ts';
import type { Descriptors } from './boot-data.ts';

const NAMES = ['stdout', 'stderr'] as const;
type Name = (typeof NAMES)[number];

export interface ThreadDescriptors {
  descriptors: Descriptors;
  /** Resolves once the server has both of its ends. */
  opened: Promise<void>;
  /** Closes the thread's ends. What its children hold stays open. */
  close(): void;
}

/**
 * @param secret also proves that who connects is this process: others may find the name in the moment that it exists
 * @param onStream gets the server's end of each, soon; what was written before is read from it
 * @throws Error where the system gives none
 */
export function openDescriptors(
  secret: Buffer,
  onStream: (name: Name, stream: net.Socket) => void,
): ThreadDescriptors {
  const name = socketName();
  let missing = NAMES.length;
  let resolveOpened = (): void => {};
  const opened = new Promise<void>((resolve) => {
    resolveOpened = resolve;
  });
  const listener = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first: Buffer) => {
      const stream = NAMES.find((_, at) => first.subarray(0, MARK_BYTES).equals(mark(secret, at)));
      if (stream === undefined) {
        socket.destroy();
        return;
      }
      const rest = first.subarray(MARK_BYTES);
      if (rest.length > 0) socket.unshift(rest);
      onStream(stream, socket);
      missing -= 1;
      if (missing > 0) return;
      listener.close();
      resolveOpened();
    });
  });
  listener.on('error', () => {});
  listener.listen(name);
  listener.unref();
  const ends = NAMES.map((_, at) => connect(name, mark(secret, at)));
  return {
    opened,
    descriptors: { stdin: ends[0]!.fd, stdout: ends[0]!.fd, stderr: ends[1]!.fd },
    close: () => {
      for (const end of ends) end.close();
    },
  };
}

/** A name that nobody guesses: no file on Linux; on Windows a pipe's name is none either. */
function socketName(): string {
  const name = `concurrent-server-${randomBytes(12).toString('hex')}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), name);
}

/** A descriptor whose writes block, so that a program that fills it waits instead of losing what it writes. */
function connect(name: string, greeting: Buffer): { fd: number; close(): void } {
  if (process.platform === 'win32') {
    const fd = fs.openSync(name, 'r+');
    fs.writeSync(fd, greeting);
    return { fd, close: () => fs.close(fd, () => {}) };
  }
  const socket = net.connect(name);
  socket.on('error', () => {});
  // Only the thread and its children use it. A local socket is connected as soon as there is a listener.
  socket.pause();
  socket.unref();
  const { fd, setBlocking } = handleOf(socket);
  setBlocking(true);
  fs.writeSync(fd, greeting);
  return { fd, close: () => socket.destroy() };
}

interface PipeHandle {
  fd: number;
  setBlocking(blocking: boolean): void;
}

/** Node has no public name for the descriptor of a socket. */
function handleOf(socket: net.Socket): PipeHandle {
  const { _handle: handle } = socket as unknown as { _handle: PipeHandle };
  return { fd: handle.fd, setBlocking: (blocking) => handle.setBlocking(blocking) };
}
