/** The app's output, made of whole lines again: what an app writes arrives in pieces, several workers at a time. */
import type { ServerEvent } from '../protocol/messages.ts';

type LogEvent = Extract<ServerEvent, { type: 'log' }>;

export interface OutputLine {
  source: 'stdout' | 'stderr';
  text: string;
  worker: number | undefined;
  request: number | undefined;
}

/** A line without end is shown after so long, in ms: a prompt, or a program that died in mid-sentence. */
const PATIENCE_MS = 100;
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
    // Two requests in one worker write alternately; each has lines of its own.
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
    this.#timer ??= setTimeout(() => this.flush(), PATIENCE_MS).unref();
  }

  /** Shows what has not ended yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const line of this.#partial.values()) this.#onLine(line);
    this.#partial.clear();
  }
}
