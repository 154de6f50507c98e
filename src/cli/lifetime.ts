/** One start and one orderly stop, whatever asks for it; and a hard end where even that hangs. */
import type { Engine, StopReason } from '../protocol/messages.ts';

/** Longest time between "stop at once", or the end of the requests, and the end of the process, in ms. */
const HARD_END_MS = 2500;

export interface LifetimeOptions {
  /** A signal has asked for an orderly stop, which may take a while. */
  draining(): void;
  /** Ends the process without any further step; what then remains ends by its own watch on this process. */
  exit(): void;
  /** How long requests may take once a stop was asked for, in ms. */
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

  /** Settles as the engine's start does. A stop waits for it, so that nothing is started after it. */
  get started(): Promise<void> {
    return this.#started;
  }

  start(): Promise<void> {
    this.#started = this.#engine.start();
    return this.#started;
  }

  /** A signal or a key: the first time drains, the second stops at once, the third ends the process. */
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

  /** Starts the stop, or hurries one under way. */
  stop(reason: StopReason, now = false): void {
    this.#stopping = true;
    // Where the parent is gone nobody is left to hurry it, who could wait for as long as it takes.
    if (now || reason === 'parent gone') {
      const requestsMs = now ? 0 : this.#options.stopTimeoutMs;
      setTimeout(() => this.#options.exit(), requestsMs + HARD_END_MS).unref();
    }
    // What did not start is not stopped.
    const stop = this.#started.then(
      () => this.#engine.stop(reason, now),
      () => {},
    );
    stop.catch(() => this.#options.exit());
  }
}

/** Calls `handle` for every signal that asks a process to end. Windows has some of them, and its own Ctrl-Break. */
export function onEndSignals(handle: () => void): void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  if (process.platform === 'win32') signals.push('SIGBREAK');
  for (const signal of signals) process.on(signal, handle);
}
