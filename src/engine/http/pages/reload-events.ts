/**
 * Browser pages that wait for new code: error pages always, the app's own pages with --reload-browser. Each page holds
 * an event stream of the server open (WHATWG HTML, server-sent events).
 */
import { randomUUID } from 'node:crypto';
import { RELOAD_EVENTS_PATH } from './reload-script.ts';

/** The answer to a page that waits for new code. */
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

  /** Name of the code that is served now; no two servers have the same one. */
  get build(): string {
    return `${this.#server}.${this.#served}`;
  }

  /** New code is served from now on. */
  renewed(generation: number): void {
    this.#served = generation;
    for (const write of this.#waiting) write(`data: ${this.build}\n\n`);
  }

  /**
   * A page waits for a build other than its own; its target names its own.
   * @returns call it when the page has closed its connection
   */
  join(target: string, write: (text: string) => void): () => void {
    write(HEAD);
    const since = target.slice(RELOAD_EVENTS_PATH.length + 1);
    if (since !== this.build && since !== '') write(`data: ${this.build}\n\n`);
    this.#waiting.add(write);
    return () => this.#waiting.delete(write);
  }
}
