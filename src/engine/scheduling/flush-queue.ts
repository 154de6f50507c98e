/** Frames to workers leave at the end of a turn of the event loop, so that what one turn brought costs one wake-up. */
import type { Upstream } from './upstream.ts';

export class FlushQueue {
  #dirty: Upstream[] = [];

  add(upstream: Upstream): void {
    this.#dirty.push(upstream);
    if (this.#dirty.length > 1) return;
    setImmediate(() => {
      for (const dirty of this.#dirty.splice(0)) dirty.flush();
    });
  }
}
