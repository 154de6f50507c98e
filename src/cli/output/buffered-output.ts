/** Writes to stdout and stderr: in batches, in order, and in bounded memory whether or not anybody reads. */
import type { Writable } from 'node:stream';

/** What may wait for a reader, in characters; a driver this far behind has stopped reading. */
const LIMIT = 16 * 1024 * 1024;

/** How long a close waits for what is still to be read, in ms. */
const CLOSE_MS = 1000;

/**
 * Dispensable pieces leave together, at most so often, in ms: each write costs as much as a small request, and again
 * as much in the reader.
 */
export const TOGETHER_MS = 20;

export type Stream = 'stdout' | 'stderr';

export interface OutputOptions {
  streams: Record<Stream, Writable>;
  /** Text that says that `count` pieces were left out because nobody read them. */
  leftOut(count: number): string;
  /** Nobody reads stdout any more. */
  gone(): void;
}

export class Output {
  #options: OutputOptions;
  #pending: Array<{ stream: Stream; text: string }> = [];
  #length = 0;
  #leftOut = 0;
  #gone = false;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OutputOptions) {
    this.#options = options;
    options.streams.stdout.on('error', () => {
      this.#gone = true;
      options.gone();
    });
    // Without a reader of stderr there is nobody left to tell.
    options.streams.stderr.on('error', () => {});
  }

  /**
   * Writes soon. A piece that is `dispensable`, such as an access line, may wait for {@link TOGETHER_MS} and is left
   * out where the reader is far behind; that it was is said when the reader has caught up.
   */
  write(text: string, stream: Stream = 'stdout', dispensable = false): void {
    if (this.#gone) return;
    const behind = this.#length + this.#options.streams[stream].writableLength > LIMIT;
    if (behind && dispensable) {
      this.#leftOut += 1;
      return;
    }
    if (!behind && this.#leftOut > 0) {
      const notice = this.#options.leftOut(this.#leftOut);
      this.#leftOut = 0;
      this.#append(notice, 'stdout');
    }
    this.#append(text, stream);
    this.#schedule(dispensable);
  }

  /** Hands everything to the system now. */
  flush(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
    this.#soon = this.#later = undefined;
    this.#flushedAt = performance.now();
    for (const { stream, text } of this.#pending.splice(0)) {
      if (!this.#gone || stream === 'stderr') this.#options.streams[stream].write(text);
    }
    this.#length = 0;
  }

  /** Resolves when everything was taken by the reader, or nobody takes it. */
  async close(): Promise<void> {
    this.flush();
    const { stdout, stderr } = this.#options.streams;
    await Promise.all([drained(stdout), drained(stderr)]);
  }

  #append(text: string, stream: Stream): void {
    const last = this.#pending.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#pending.push({ stream, text });
    this.#length += text.length;
  }

  /** After a quiet moment even a dispensable piece leaves at the end of this turn. */
  #schedule(dispensable: boolean): void {
    if (this.#soon !== undefined || (dispensable && this.#later !== undefined)) return;
    if (dispensable && performance.now() - this.#flushedAt < TOGETHER_MS) {
      this.#later = setTimeout(() => this.flush(), TOGETHER_MS);
    } else this.#soon = setImmediate(() => this.flush());
  }
}

/** Resolves when all that was written to the stream was taken by its reader, or nobody takes it. */
export function drained(stream: Writable): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, CLOSE_MS);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    stream.once('error', done);
    // The callback of a write comes when all before it was written.
    stream.write('', done);
  });
}
