/** Changes between idle, busy and blocked are told together: nobody can look as fast as they come. */
import type { ManagedWorker } from './managed-worker.ts';

const REPORT_MS = 100;

export class StatusReports {
  #changed = new Set<ManagedWorker>();
  #timer: NodeJS.Timeout | undefined;
  #report: (worker: ManagedWorker) => void;

  constructor(report: (worker: ManagedWorker) => void) {
    this.#report = report;
  }

  /** Its state is reported soon, unless it is gone by then. */
  add(worker: ManagedWorker): void {
    this.#changed.add(worker);
    this.#timer ??= setTimeout(() => this.#flush(), REPORT_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const worker of this.#changed) if (!worker.gone) this.#report(worker);
    this.#changed.clear();
  }
}
