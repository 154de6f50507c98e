/** Joins the app's output into lines: it arrives in pieces, from several workers at a time. */
import type { ServerEvent } from '../protocol/messages.ts';

type LogEvent = Extract<ServerEvent, { type: 'log' }>;

export interface OutputLine {
  source: 'stdout' | 'stderr';
  text: string;
  worker: number | undefined;
  request: number | undefined;
}

/** A line without a line break, such as a prompt, is shown after this time, in ms. */
const FLUSH_MS = 100;
const MAX_LINE = 64 * 1024;

export class AppOutput {
  #partial = new Map<string, OutputLine>();
  #timer: NodeJS.Timeout | undefined;
  #onLine: (line: OutputLine) => void;

  constructor(onLine: (line: OutputLine) => void) {
    this.#onLine = onLine;
  }

  add({ source, text, worker, request }: LogEvent): void {
    if (source === 'server') return;
    // Two requests in one worker may write alternately, so their lines are kept apart.
    const key = `${worker} ${source} ${request}`;
    const before = this.#partial.get(key);
    this.#partial.delete(key);
    const lines = ((before?.text ?? '') + text).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#onLine({ source, text: line.endsWith('\r') ? line.slice(0, -1) : line, worker, request });
    }
    if (rest === '') return;
    const partial: OutputLine = { source, text: rest, worker, request };
    if (rest.length > MAX_LINE) {
      this.#onLine(partial);
      return;
    }
    this.#partial.set(key, partial);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Shows the lines that have no line break yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const line of this.#partial.values()) this.#onLine(line);
    this.#partial.clear();
  }
}
