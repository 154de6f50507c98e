/** Writes to stdout and stderr: in batches, in order, and in bounded memory even if nobody reads. */
import type { Writable } from 'node:stream';

/** Characters that may wait for a reader. One that is further behind has stopped reading. */
const MAX_PENDING_CHARS = 16 * 1024 * 1024;

/** How long a close waits for the reader, in ms. */
const CLOSE_MS = 1000;

/**
 * Droppable pieces are written at most this often, in ms: each write costs as much as a small request, here and in the
 * reader.
 */
export const BATCH_MS = 20;

export type Stream = 'stdout' | 'stderr';

export interface OutputOptions {
  streams: Record<Stream, Writable>;
  /** A text that reports `count` dropped pieces. */
  dropped(count: number): string;
  /** Called when nobody reads stdout any more. */
  disconnected(): void;
}

export class BufferedOutput {
  #options: OutputOptions;
  #pending: Array<{ stream: Stream; text: string }> = [];
  #length = 0;
  #dropped = 0;
  #closed = false;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OutputOptions) {
    this.#options = options;
    options.streams.stdout.on('error', () => {
      this.#closed = true;
      options.disconnected();
    });
    // Without a reader of stderr there is nobody to report to.
    options.streams.stderr.on('error', () => {});
  }

  /**
   * Writes soon. A `droppable` piece, such as an access line, may wait for {@link BATCH_MS}. It is dropped if the
   * reader is far behind; when the reader has caught up, a notice reports how many were dropped.
   */
  write(text: string, stream: Stream = 'stdout', droppable = false): void {
    if (this.#closed) return;
    const behind = this.#length + this.#options.streams[stream].writableLength > MAX_PENDING_CHARS;
    if (behind && droppable) {
      this.#dropped += 1;
      return;
    }
    if (!behind && this.#dropped > 0) {
      const notice = this.#options.dropped(this.#dropped);
      this.#dropped = 0;
      this.#append(notice, 'stdout');
    }
    this.#append(text, stream);
    this.#schedule(droppable);
  }

  /** Passes everything to the system now. */
  flush(): void {
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = this.#timer = undefined;
    this.#flushedAt = performance.now();
    for (const { stream, text } of this.#pending.splice(0)) {
      if (!this.#closed || stream === 'stderr') this.#options.streams[stream].write(text);
    }
    this.#length = 0;
  }

  /** Resolves when the readers have taken everything, or after {@link CLOSE_MS}. */
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

  /** After a pause even a droppable piece is written at the end of this turn of the event loop. */
  #schedule(droppable: boolean): void {
    if (this.#immediate !== undefined || (droppable && this.#timer !== undefined)) return;
    if (droppable && performance.now() - this.#flushedAt < BATCH_MS) {
      this.#timer = setTimeout(() => this.flush(), BATCH_MS);
    } else this.#immediate = setImmediate(() => this.flush());
  }
}

/** Resolves when the stream's reader has taken everything, or after {@link CLOSE_MS}. */
export function drained(stream: Writable): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, CLOSE_MS);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    stream.once('error', done);
    // The callback of a write is called after all writes before it.
    stream.write('', done);
  });
}
