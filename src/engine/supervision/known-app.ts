/** Which server is the app, from worker to worker. */
import type { Asking } from './app-choice.ts';

/** What the workers know of each other's choices: in each of them the same server is to be the app. */
export class KnownApp {
  #key: string | undefined;
  #generation = 0;

  get key(): string | undefined {
    return this.#key;
  }

  /** The first choice of the newest code counts. */
  chosen({ key, forPort }: Pick<Asking, 'key' | 'forPort'>, generation: number): void {
    if (this.#key !== undefined && generation <= this.#generation && !forPort) return;
    this.#key = key;
    this.#generation = generation;
  }
}
