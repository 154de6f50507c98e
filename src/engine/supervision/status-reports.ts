/**
 * Decides when the state of a worker is reported. Changes between idle, busy and blocked are collected, because they
 * come faster than a person can read.
 */
import { BLOCKED_NEWS_MS, type WorkerStatus } from '../../protocol/messages.ts';
import type { ManagedWorker } from './managed-worker.ts';
import { statusOf } from './worker-status.ts';

const REPORT_MS = 100;

export class StatusReports {
  #changed = new Set<ManagedWorker>();
  #timer: NodeJS.Timeout | undefined;
  #report: (status: WorkerStatus) => void;

  constructor(report: (status: WorkerStatus) => void) {
    this.#report = report;
  }

  /** Reports the state soon, unless the worker has exited by then; if it is blocked, once more if it stays so. */
  changed(worker: ManagedWorker): void {
    this.#changed.add(worker);
    this.#timer ??= setTimeout(() => this.#flush(), REPORT_MS).unref();
    if (isBlocked(worker)) setTimeout(() => this.blocked([worker]), BLOCKED_NEWS_MS).unref();
  }

  /** Reports again how long these workers have been blocked; skips the others. */
  blocked(workers: readonly ManagedWorker[]): void {
    for (const worker of workers) if (!worker.exited && isBlocked(worker)) this.#report(statusOf(worker));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const worker of this.#changed) if (!worker.exited) this.#report(statusOf(worker));
    this.#changed.clear();
  }
}

function isBlocked({ upstream }: ManagedWorker): boolean {
  return upstream.blockedSince !== undefined;
}
