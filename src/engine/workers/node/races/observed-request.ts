/** A request that the race finder observes in this worker: where it is, and what waits behind the place where it is held. */
import type { RaceSite } from '../../../../wire/race-messages.ts';

/** The app's are boundaries. */
const { setImmediate: soon } = globalThis;

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
export type OnBoundary = (
  request: ObservedRequest,
  site: SourceSite,
  occurrence: number,
  held: boolean,
) => void;

export class ObservedRequest {
  readonly id: number;
  /** The turn in which its code ran last; undefined before it starts. */
  turn: number | undefined;
  /** The user's code that waits for something. */
  waiting = 0;
  /** The file that lets it go on after a synchronous call; undefined: such calls are no boundaries. */
  readonly gate: string | undefined;
  #pauses: RaceSite[];
  #onBoundary: OnBoundary;
  #counts = new Map<string, number>();
  /** `held`: until `go`. `draining`: what had arrived meanwhile goes first. */
  #state: 'running' | 'held' | 'draining' = 'running';
  #arrived: Arrival[] = [];
  #counted = false;

  constructor(id: number, pauses: readonly RaceSite[], gate: string | undefined, onBoundary: OnBoundary) {
    this.id = id;
    this.gate = gate;
    this.#pauses = [...pauses];
    this.#onBoundary = onBoundary;
  }

  get held(): boolean {
    return this.#state === 'held';
  }

  /** Its synchronous calls are boundaries. */
  get holdsSync(): boolean {
    return this.gate !== undefined && this.#state === 'running';
  }

  /**
   * The request's code continues here, in this turn.
   * @returns false if it may; true if it was kept for later
   */
  arrive(arrival: Arrival, turn: number): boolean {
    // What goes on in the turn of something that has just gone on belongs to it.
    if (this.#state === 'held' || (this.#state === 'draining' && this.turn !== turn)) {
      this.#arrived.push(arrival);
      return true;
    }
    return this.#pass(arrival, turn);
  }

  /** @returns true if the whole worker is to be held here */
  passSync(site: SourceSite): boolean {
    return this.#reach(site);
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
    soon(() => {
      if (this.#state !== 'draining') return;
      const next = this.#arrived.shift();
      if (next === undefined) {
        this.#state = 'running';
        return;
      }
      if (this.#counted) {
        this.#counted = false;
        this.turn = turn();
        stopInDebugger();
      } else if (this.#pass(next, turn())) return;
      // Before the code runs, because it may throw.
      this.#drain(turn);
      next.run();
    });
  }

  #pass(arrival: Arrival, turn: number): boolean {
    if (this.turn === turn) return false;
    this.turn = turn;
    const held = this.#reach(arrival.site);
    if (held) {
      stopInDebugger();
      this.#state = 'held';
      this.#counted = true;
      this.#arrived.unshift(arrival);
    }
    return held;
  }

  /** @returns true if it is to be held at this boundary */
  #reach(site: SourceSite): boolean {
    const { kind, fn, file } = site;
    const key = `${kind}:${fn}:${file}`;
    const occurrence = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, occurrence);
    const [pause] = this.#pauses;
    const held =
      pause?.kind === kind && pause.fn === fn && pause.file === file && pause.occurrence === occurrence;
    if (held) this.#pauses.shift();
    this.#onBoundary(this, site, occurrence, held);
    return held;
  }
}

/** Does nothing without a debugger. Step out of it, and you are in the code of the request that was held. */
function stopInDebugger(): void {
  // biome-ignore lint/suspicious/noDebugger: `races --replay T --inspect` stops here
  debugger;
}
