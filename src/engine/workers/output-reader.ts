/** Reads a worker's stdout or stderr to the last byte, and lets other work run in between. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { SECRET_BYTES, SECRET_START, type StreamName } from '../../wire/output-marks.ts';
import { OutputText, type TakeText } from './output-text.ts';

/**
 * After this many bytes, other work gets its turn. Meanwhile the worker waits, as it would for a slow terminal: the
 * system's buffer is limited, and the next write blocks.
 */
const TURN_BYTES = 64 * 1024;

class OutputReader {
  #stream: Readable;
  #text: OutputText;
  #turn = 0;
  #quiet = false;
  #ended = false;

  constructor(stream: Readable, text: OutputText) {
    this.#stream = stream;
    this.#text = text;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => {});
    stream.once('close', () => this.#end());
  }

  /**
   * Resolves when everything written so far has been read. Call it after the writer has exited: the system then has all
   * of it, and a turn of the event loop that finds nothing more has found everything. It does not wait for the end,
   * because children of the writer may hold the descriptor.
   */
  async drained(): Promise<void> {
    // The first turn may have looked before the writer exited.
    for (let turns = 0; turns < 2 && !this.#ended; turns = this.#quiet ? turns + 1 : 0) {
      this.#quiet = true;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#ended) return;
    this.#text.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #read(chunk: Buffer): void {
    this.#quiet = false;
    this.#text.feed(chunk);
    this.#turn += chunk.length;
    if (this.#turn < TURN_BYTES) return;
    this.#turn = 0;
    this.#stream.pause();
    setImmediate(() => {
      this.#quiet = false;
      this.#stream.resume();
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#text.end();
  }
}

/** The secret of a worker's output; see wire/output-marks.ts. */
export function createSecret(): Buffer {
  const secret = randomBytes(SECRET_BYTES);
  secret[0] = SECRET_START;
  return secret;
}

/** Reads both streams of a process. */
export function readChild(child: ChildProcess, secret: Buffer, output: TakeText): WorkerOutput {
  const reading = new WorkerOutput(secret, output);
  if (child.stdout !== null) reading.read('stdout', child.stdout);
  if (child.stderr !== null) reading.read('stderr', child.stderr);
  return reading;
}

/** Both streams of a worker. */
export class WorkerOutput {
  #secret: Buffer;
  #output: TakeText;
  #readers: OutputReader[] = [];

  constructor(secret: Buffer, output: TakeText) {
    this.#secret = secret;
    this.#output = output;
  }

  /** @param name the stream of bytes without a mark */
  read(name: StreamName, stream: Readable): void {
    this.#readers.push(new OutputReader(stream, new OutputText(this.#secret, name, this.#output)));
  }

  /** See {@link OutputReader.drained}. */
  async drained(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.drained()));
  }

  destroy(): void {
    for (const reader of this.#readers) reader.destroy();
  }
}
