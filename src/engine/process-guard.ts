/** Sees to it that what was started ends with the server, however that ends (docs/architecture.md, orphans). */
import type { ManagedWorker } from './managed-worker.ts';

/** PLACEHOLDER until the process module lands. */
export class ProcessGuard {
  readonly environment: Record<string, string> = {};
  async open(_info: { url: string; cwd: string }): Promise<void> {}
  started(_worker: ManagedWorker): void {}
  spawned(_worker: ManagedWorker, _pid: number, _command: string): void {}
  async ended(_worker: ManagedWorker): Promise<void> {}
  async close(): Promise<void> {}
}
