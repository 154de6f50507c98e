/** A request that the race finder observes in this worker: where it is, and what waits behind the place where it is held. */
import type { RaceSite } from '../../../../wire/race-messages.ts';

/** A place in the source, from the transform. */
export interface SourceSite {
  kind: string;
  fn: string;
  /** Relative to the app's folder, with `/`. */
  file: string;
  line: number;
  label: string;
}

/** Code of the request that reached a boundary. */
export interface Arrival {
  site: SourceSite;
  /** Continues the code. */
  run: () => void;
}

/** Called when a request passes a boundary. */
export type OnBoundary = (request: ObservedRequest, site: SourceSite, occurrence: number, held: boolean) => void;

export class ObservedRequest {
  readonly id: number;
  /** The turn in which its code ran last; undefined before it starts. */
  turn: number | undefined;
  /** The user's code that waits for something. */
  waiting = 0;
  /** The app has ended its answer. */
  answered = false;
  #pauses: RaceSite[];
  #onBoundary: OnBoundary;
  #counts = new Map<string, number>();
  /** `held`: until `go`. `draining`: what had arrived meanwhile goes first. */
  #state: 'running' | 'held' | 'draining' = 'running';
  #arrived: Arrival[] = [];
  #counted = false;

  constructor(id: number, pauses: RaceSite[], onBoundary: OnBoundary) {
    this.id = id;
    this.#pauses = pauses;
    this.#onBoundary = onBoundary;
  }

  get held(): boolean {
    return this.#state === 'held';
  }

  /**
   * The request's code continues here, in this turn.
   * @returns false if it may; true if it was kept for later
   */
  arrive(arrival: Arrival, turn: number): boolean {
    if (this.#state !== 'running') {
      this.#arrived.push(arrival);
      return true;
    }
    return this.#pass(arrival, turn);
  }

  /** From the next turn on, it is held: the head of its answer is on its way. */
  headersSent(site: SourceSite): void {
    const wanted = this.#pauses[0]?.kind === 'headers';
    if (wanted) this.#pauses.shift();
    if (wanted && this.#state === 'running') this.#state = 'held';
    this.#onBoundary(this, site, 1, wanted);
  }

  /** It goes on from where it is held, with what has arrived since, a turn each. */
  go(turn: () => number): void {
    if (this.#state !== 'held') return;
    this.#state = 'draining';
    this.#drain(turn);
  }

  #drain(turn: () => number): void {
    setImmediate(() => {
      if (this.#state !== 'draining') return;
      const next = this.#arrived.shift();
      if (next === undefined) {
        this.#state = 'running';
        return;
      }
      if (this.#counted) {
        this.#counted = false;
        this.turn = turn();
        next.run();
      } else if (this.#pass(next, turn())) return;
      else next.run();
      this.#drain(turn);
    });
  }

  #pass(arrival: Arrival, turn: number): boolean {
    if (this.turn === turn) return false;
    this.turn = turn;
    const { site } = arrival;
    const key = `${site.kind}:${site.fn}:${site.file}`;
    const occurrence = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, occurrence);
    const pause = this.#pauses[0];
    const held =
      pause !== undefined &&
      pause.kind === site.kind &&
      pause.fn === site.fn &&
      pause.file === site.file &&
      pause.occurrence === occurrence;
    if (held) {
      this.#pauses.shift();
      this.#state = 'held';
      this.#counted = true;
      this.#arrived.unshift(arrival);
    }
    this.#onBoundary(this, site, occurrence, held);
    return held;
  }
}
