/** Remembers the worker of each client, for `affinity: client`. */

/** The number of clients to remember; above it, the client that was away longest is forgotten. */
const MAX_CLIENTS = 10_000;

export class ClientAffinity {
  #workers = new Map<string, number>();

  /** Number of the worker that last served the client. */
  of(client: string): number | undefined {
    return this.#workers.get(client);
  }

  remember(client: string, worker: number): void {
    this.#workers.delete(client);
    this.#workers.set(client, worker);
    if (this.#workers.size > MAX_CLIENTS) this.#workers.delete(this.#workers.keys().next().value!);
  }
}
