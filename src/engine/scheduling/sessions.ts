/** Which worker has each session of a protocol (see requests/session-request.ts), and each client if `affinity` says so. */
import type { Affinity } from '../../protocol/config.ts';
import { BoundedMap } from '../requests/bounded-map.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { SessionRequest } from '../requests/session-request.ts';
import { ClientAffinity } from './affinity.ts';

/** Sessions that are remembered; of more, the one that was unused for longest is forgotten. */
export const MAX_SESSIONS = 10_000;

export class Sessions {
  #workers = new BoundedMap<string, number>(MAX_SESSIONS);

  /** Number of the worker that has the session of this request. */
  of({ id }: SessionRequest): number | undefined {
    return id === undefined ? undefined : this.#workers.peek(id);
  }

  /** A request of the session goes to this worker. */
  used({ id, onlyIfGiven }: SessionRequest, worker: number): void {
    if (id !== undefined && (!onlyIfGiven || this.#workers.peek(id) !== undefined)) this.given(id, worker);
  }

  /** The worker gave the session its name. */
  given(id: string, worker: number): void {
    this.#workers.set(id, worker);
  }
}

/** What a worker is called here. */
interface Named {
  readonly id: number;
}

export class OwnWorkers {
  readonly sessions = new Sessions();
  #affinity: Affinity;
  #clients = new ClientAffinity();

  constructor(affinity: Affinity) {
    this.#affinity = affinity;
  }

  /** Each client has its worker. */
  get byClient(): boolean {
    return this.#affinity === 'client';
  }

  /** @returns false if nothing changes */
  setAffinity(affinity: Affinity): boolean {
    if (affinity === this.#affinity) return false;
    this.#affinity = affinity;
    this.#clients = new ClientAffinity();
    return true;
  }

  /** The only worker that has what the request needs: its session, else its client; undefined if any will do. */
  of<W extends Named>({ session, client }: Exchange, workers: readonly W[]): W | undefined {
    const bySession = session && find(this.sessions.of(session), workers);
    if (bySession !== undefined || !this.byClient) return bySession;
    return find(this.#clients.of(client.clientKey), workers);
  }

  /** The request goes to this worker. */
  used({ session, client }: Exchange, worker: number): void {
    if (this.byClient) this.#clients.remember(client.clientKey, worker);
    if (session !== undefined) this.sessions.used(session, worker);
  }
}

function find<W extends Named>(id: number | undefined, workers: readonly W[]): W | undefined {
  return id === undefined ? undefined : workers.find((worker) => worker.id === id);
}
