/** Passes the messages of the workers' hooks to whoever waits for them, by worker and request. */
import type { FromRaceHooks } from '../../wire/race-messages.ts';
import type { TrialWorker } from './trial-worker.ts';

type Listener = (message: FromRaceHooks) => void;

export class HookMessages {
  #listeners = new Map<string, Listener>();
  #onOther: (worker: TrialWorker, message: FromRaceHooks) => void;

  /** @param onOther gets what is about no request */
  constructor(onOther: (worker: TrialWorker, message: FromRaceHooks) => void) {
    this.#onOther = onOther;
  }

  receive(worker: TrialWorker, message: FromRaceHooks): void {
    if (message.is === 'touched') this.#onOther(worker, message);
    else this.#listeners.get(`${worker.id}:${message.request}`)?.(message);
  }

  listen(worker: TrialWorker, request: number, listener: Listener): void {
    this.#listeners.set(`${worker.id}:${request}`, listener);
  }

  forget(worker: TrialWorker, request: number): void {
    this.#listeners.delete(`${worker.id}:${request}`);
  }
}
