/**
 * Ends a thread in which an addon works. Its event loop runs until it is empty, so that the addon is done before Node
 * removes the thread. Meanwhile the app starts nothing new, and nothing it waits for keeps the loop alive.
 */
import { createHook, executionAsyncResource } from 'node:async_hooks';

/** How long the loop may take until it is empty, in ms. */
const LOOP_MS = 2000;
/** How often new handles of the app are unreferenced, in ms, so that they do not keep the loop alive. */
const LOOK_MS = 10;

/** Parts of Node that have no public name. */
interface Internals {
  _getActiveHandles(): Array<{ unref?(): unknown }>;
  emit(event: string, ...args: unknown[]): boolean;
  reallyExit(code?: number): void;
}
interface Timer {
  _onTimeout?: unknown;
  _onImmediate?: unknown;
}

/** Thrown by `process.exit`, which must not return to the app's code. */
const LEFT = Symbol('left by process.exit');

export class SoftExit {
  #started = false;
  #uncaught = false;
  #standsStill: () => void;

  /** @param standsStill called last if the loop does not run empty in time: then the thread waits forever */
  constructor(standsStill: () => void) {
    this.#standsStill = standsStill;
  }

  /** From now on `process.exit` and uncaught exceptions end the thread this way. */
  install(): void {
    process.on('uncaughtExceptionMonitor', () => {
      this.#uncaught = process.listenerCount('uncaughtException') === 0;
    });
    // `process.exit` calls it after the app's own exit handlers.
    (process as unknown as Internals).reallyExit = () => {
      this.#begin(true);
      if (!this.#uncaught) throw LEFT;
    };
  }

  /** Exits as if the app had nothing left to do. */
  begin(): void {
    process.exitCode ??= 0;
    this.#begin(false);
  }

  /** @param exited the app's exit handlers have run */
  #begin(exited: boolean): void {
    if (this.#started) return;
    this.#started = true;
    this.#ignoreEvents(exited);
    const deadline = performance.now() + LOOP_MS;
    const look = (): void => {
      for (const handle of (process as unknown as Internals)._getActiveHandles()) handle.unref?.();
      if (performance.now() > deadline) this.#standStill();
    };
    const looking: unknown = setInterval(look, LOOK_MS).unref();
    createHook({
      before: () => {
        const resource = executionAsyncResource() as Timer;
        if (resource !== looking) skip(resource);
      },
    }).enable();
    look();
  }

  /** From here on, errors and reports no longer matter. */
  #ignoreEvents(exited: boolean): void {
    const internals = process as unknown as Internals;
    const { emit } = internals;
    internals.emit = (event, ...args) => {
      if (event === 'exit' && !exited) return Reflect.apply(emit, process, [event, ...args]) as boolean;
      // A listener that returns true has handled it.
      return event === 'unhandledRejection';
    };
    try {
      process.setUncaughtExceptionCaptureCallback(null);
      process.setUncaughtExceptionCaptureCallback(() => {});
    } catch {
      // The app uses domains, which catch errors themselves.
    }
  }

  #standStill(): never {
    this.#standsStill();
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}

/** The app's timers do not run any more: they could start work that the loop must wait for. */
function skip(resource: Timer): void {
  if (typeof resource._onTimeout === 'function') {
    clearTimeout(resource as NodeJS.Timeout);
    resource._onTimeout = () => {};
  } else if (typeof resource._onImmediate === 'function') resource._onImmediate = () => {};
}
