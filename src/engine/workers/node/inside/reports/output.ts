/** Sends the app's writes to `process.stdout` and `process.stderr` to the server. */
import fs from 'node:fs';
import type { Writable } from 'node:stream';
import { marked } from '../../../../../wire/output-marks.ts';
import { currentRequest } from './request-context.ts';

export interface OutputTarget {
  /** The descriptor of the worker's stdout. Writes to stderr use it as well, so that the order is kept. */
  stdout: number;
  /** See wire/output-marks.ts. */
  secret: Uint8Array;
}

/**
 * How long to wait before the next try if a descriptor is full, in ms. Happens only if something made it non-blocking.
 */
const FULL_MS = 1;

/**
 * From now on every write reaches the system before it returns, as in plain Node for a terminal or a file: the app may
 * block, exit or be killed in its next step. All writes keep their order, also those of `fs.writeSync(1)` and of
 * children.
 */
export function captureOutput({ stdout, secret }: OutputTarget): void {
  for (const [stream, fd] of [
    [process.stdout, 1],
    [process.stderr, 2],
  ] as const) {
    writeAtOnce(stream, (bytes) => {
      for (const piece of marked(secret, currentRequest() ?? 0, fd, bytes)) writeAll(stdout, piece);
    });
  }
}

type Done = (error?: Error | null) => void;

/** The stream keeps its buffer, its events and its checks; only the destination of its bytes changes. */
function writeAtOnce(stream: Writable, write: (bytes: Uint8Array) => void): void {
  stream._write = (chunk: Uint8Array | string, encoding: BufferEncoding, done: Done) => {
    write(asBytes(chunk, encoding));
    done();
  };
  stream._writev = (chunks: Array<{ chunk: Uint8Array | string; encoding: BufferEncoding }>, done: Done) => {
    write(Buffer.concat(chunks.map(({ chunk, encoding }) => asBytes(chunk, encoding))));
    done();
  };
  // Descriptors 1 and 2 stay open while the process lives: children write there.
  stream._final = (done: Done) => done();
}

function asBytes(chunk: Uint8Array | string, encoding: BufferEncoding): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const { writeSync } = fs;

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // The server has ended, so nothing reads any more, and this worker ends soon.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleeper, 0, 0, FULL_MS);
    }
  }
}
