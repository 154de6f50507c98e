/**
 * Asks the workers how much memory they use, when somebody wants to know and not otherwise: an idle worker that is
 * woken every second to be measured would not be idle.
 */
import type { Upstream } from './upstream.ts';

/** A worker that does not answer in this time keeps its last figure. */
const ANSWER_MS = 200;

export class MemorySurvey {
  #asked = new Set<Upstream>();
  #complete: Array<() => void> = [];

  /** Resolves when all that can answer did, or after 200 ms. A blocked worker is not asked. */
  async take(upstreams: readonly Upstream[]): Promise<void> {
    for (const upstream of upstreams) {
      if (upstream.gone || upstream.accepting.size === 0 || upstream.blockedSince !== 0) continue;
      this.#asked.add(upstream);
      upstream.send({ type: 'measure' });
    }
    if (this.#asked.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#end(), ANSWER_MS);
      this.#complete.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** @param bytes resident for a process; heap and external memory for a thread */
  answered(upstream: Upstream, bytes: number): void {
    upstream.memory = bytes;
    this.#asked.delete(upstream);
    if (this.#asked.size === 0) this.#end();
  }

  #end(): void {
    this.#asked.clear();
    for (const resolve of this.#complete.splice(0)) resolve();
  }
}
