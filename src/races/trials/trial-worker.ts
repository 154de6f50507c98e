/** A worker of the race finder: it serves one trial and ends with it. */
import type { ManagedWorker } from '../../engine/supervision/managed-worker.ts';
import type { ServerError } from '../../protocol/errors.ts';

const NOTHING = { accepted: () => {}, failed: () => {}, exited: () => {} };

export class TrialWorker {
  readonly managed: ManagedWorker;
  /** Resolves when its app accepts requests. Rejects with a ServerError, as `APP_FAILED_TO_START`, if it exits before. */
  readonly accepted: Promise<void>;
  readonly exited: Promise<void>;
  #settle: { accepted(): void; failed(error: ServerError): void; exited(): void } = NOTHING;
  /** It started a process, which must end with it. */
  hasChildren = false;

  constructor(managed: ManagedWorker) {
    this.managed = managed;
    let exited: () => void = () => {};
    this.exited = new Promise((resolve) => {
      exited = resolve;
    });
    this.accepted = new Promise((resolve, reject) => {
      this.#settle = { accepted: resolve, failed: reject, exited };
    });
    // Nobody may wait for it yet.
    this.accepted.catch(() => {});
  }

  get id(): number {
    return this.managed.id;
  }

  /** How it ended, for a person; undefined while it runs. */
  get death(): string | undefined {
    const { exit, traces } = this.managed;
    if (exit === undefined) return undefined;
    return traces.exception?.message ?? exit.text;
  }

  accepts(): void {
    if (this.managed.accepts()) this.#settle.accepted();
  }

  startedProcess(): void {
    this.hasChildren = true;
  }

  /** @param error why it did not start, if it never accepted */
  hasExited(error: ServerError): void {
    this.#settle.failed(error);
    this.#settle.exited();
  }
}
