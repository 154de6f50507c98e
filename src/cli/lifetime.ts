/** One start and one orderly stop, however often a stop is requested; and a hard exit if the stop hangs. */
import type { Engine, StopReason } from '../protocol/messages.ts';

/** The longest time from the end of the requests to the exit of the process, in ms. */
const HARD_EXIT_MS = 2500;

export interface LifetimeOptions {
  /** Called when a signal starts an orderly stop. */
  draining(): void;
  /** Exits at once. Watchdogs end the workers that are left. */
  exit(): void;
  /** How long requests in progress may take during a stop, in ms. */
  stopTimeoutMs: number;
}

export class Lifetime {
  #engine: Engine;
  #options: LifetimeOptions;
  #started: Promise<void> = Promise.resolve();
  #signals = 0;
  #stopping = false;

  constructor(engine: Engine, options: LifetimeOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Settles as the engine's start does. A stop waits for it, so that nothing starts after the stop. */
  get started(): Promise<void> {
    return this.#started;
  }

  start(): Promise<void> {
    this.#started = this.#engine.start();
    return this.#started;
  }

  /** A signal or a key. The first drains, the second stops at once, the third exits. */
  signal(): void {
    this.#signals += 1;
    if (this.#signals > 2) {
      this.#options.exit();
      return;
    }
    const now = this.#stopping;
    if (!now) this.#options.draining();
    this.stop('signal', now);
  }

  /** Starts the stop, or speeds up one in progress. */
  stop(reason: StopReason, now = false): void {
    this.#stopping = true;
    // Without a parent nobody can speed up the stop later, so it has a time limit from the beginning.
    if (now || reason === 'parent gone') {
      const requestsMs = now ? 0 : this.#options.stopTimeoutMs;
      setTimeout(() => this.#options.exit(), requestsMs + HARD_EXIT_MS).unref();
    }
    // A server that did not start needs no stop.
    const stop = this.#started.then(
      () => this.#engine.stop(reason, now),
      () => {},
    );
    stop.catch(() => this.#options.exit());
  }
}

/** Calls `handle` for each signal that asks the process to exit; on Windows also for Ctrl-Break. */
export function onEndSignals(handle: () => void): void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  if (process.platform === 'win32') signals.push('SIGBREAK');
  for (const signal of signals) process.on(signal, handle);
}
