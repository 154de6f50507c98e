/**
 * Browser pages that wait for new code: error pages always, the app's own where that was asked for. Each holds an event
 * stream (WHATWG HTML, server-sent events) of the server's own open.
 */
import { randomUUID } from 'node:crypto';
import { RELOAD_EVENTS_PATH } from './reload-script.ts';

/** Answer to a page that wants to be told. */
const HEAD = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/event-stream',
  'Cache-Control: no-store',
  'X-Content-Type-Options: nosniff',
  'Connection: close',
  '',
  'retry: 500\n\n',
].join('\r\n');

export class ReloadEvents {
  readonly #server = randomUUID();
  #served = 0;
  #waiting = new Set<(text: string) => void>();

  /** Name of the code that is served now; another server's is never the same. */
  get build(): string {
    return `${this.#server}.${this.#served}`;
  }

  /** New code is served from now on. */
  renewed(generation: number): void {
    this.#served = generation;
    for (const write of this.#waiting) write(`data: ${this.build}\n\n`);
  }

  /**
   * A page asks to be told of another code than the one it came from, which its target names.
   * @returns what is to be called when the page has gone
   */
  join(target: string, write: (text: string) => void): () => void {
    write(HEAD);
    const since = target.slice(RELOAD_EVENTS_PATH.length + 1);
    if (since !== this.build && since !== '') write(`data: ${this.build}\n\n`);
    this.#waiting.add(write);
    return () => this.#waiting.delete(write);
  }
}
