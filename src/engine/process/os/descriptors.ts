/**
 * Descriptors of this process that threads, native code and children write to; the bytes come back here as a stream.
 * Node has no call for a pipe, so these are local sockets, connected by a name that exists only for a moment.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface OwnDescriptors {
  /** A write blocks while the descriptor is full. A read never returns bytes, so it can serve as a silent stdin. */
  fds: number[];
  /** Resolves once the other end of each descriptor is connected. */
  opened: Promise<void>;
  /** Closes them here. Copies that children hold stay open. */
  close(): void;
}

export interface DescriptorOptions {
  count: number;
  /** Gets the other end of each descriptor, by its index in `fds`; earlier writes can be read from it. */
  onStream(index: number, stream: net.Socket): void;
  /** Called just before the first is made, which gets the lowest free number (POSIX, `socket`). */
  beforeFirst?(): void;
}

const TOKEN_BYTES = 16;

/** @throws Error if the system gives none */
export function openDescriptors({ count, onStream, beforeFirst }: DescriptorOptions): OwnDescriptors {
  const name = socketName();
  // Proves that the connection comes from this process: others may find the name.
  const token = randomBytes(TOKEN_BYTES);
  let missing = count;
  let resolveOpened = (): void => {};
  const opened = new Promise<void>((resolve) => {
    resolveOpened = resolve;
  });
  const listener = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first: Buffer) => {
      const index = first[TOKEN_BYTES];
      if (index === undefined || !first.subarray(0, TOKEN_BYTES).equals(token)) {
        socket.destroy();
        return;
      }
      const rest = first.subarray(TOKEN_BYTES + 1);
      if (rest.length > 0) socket.unshift(rest);
      onStream(index, socket);
      missing -= 1;
      if (missing > 0) return;
      listener.close();
      resolveOpened();
    });
  });
  listener.on('error', () => {});
  listener.listen(name);
  listener.unref();
  beforeFirst?.();
  const ends = Array.from({ length: count }, (_, index) =>
    connect(name, Buffer.concat([token, Buffer.of(index)])),
  );
  return {
    fds: ends.map(({ fd }) => fd),
    opened,
    close: () => {
      for (const end of ends) end.close();
    },
  };
}

/** Not a file: an abstract name on Linux (unix(7)), a pipe's name on Windows. */
function socketName(): string {
  const name = `concurrent-server-${randomBytes(8).toString('hex')}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), name);
}

function connect(name: string, greeting: Buffer): { fd: number; close(): void } {
  if (process.platform === 'win32') {
    const fd = fs.openSync(name, 'r+');
    fs.writeSync(fd, greeting);
    return { fd, close: () => fs.close(fd, () => {}) };
  }
  // A local socket connects as soon as there is a listener, without a wait.
  const socket = net.connect(name);
  socket.on('error', () => {});
  // The reading side belongs to the user of the descriptor.
  socket.pause();
  socket.unref();
  const handle = handleOf(socket);
  const { fd } = handle;
  handle.setBlocking(true);
  fs.writeSync(fd, greeting);
  return { fd, close: () => socket.destroy() };
}

/** Node has no public name for the descriptor of a socket. */
function handleOf(socket: net.Socket): { fd: number; setBlocking(blocking: boolean): void } {
  return (socket as unknown as { _handle: { fd: number; setBlocking(blocking: boolean): void } })._handle;
}
