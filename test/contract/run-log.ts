/** The requests that test/fixtures/run-log.cjs ran, and the signal it waits for. */
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

export class RunLog {
  readonly #file: string;

  /** Make it while a suite is being defined; the file is removed after the tests of that suite. */
  constructor() {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'run-log-'));
    this.#file = path.join(dir, 'runs');
    fs.writeFileSync(this.#file, '');
    after(() => fs.rmSync(dir, { recursive: true, force: true }));
  }

  /** For the environment of the app. */
  get env(): Record<string, string> {
    return { RUN_LOG: this.#file };
  }

  /** Every run so far, as `GET /path`. */
  get runs(): string[] {
    return fs.readFileSync(this.#file, 'utf8').split('\n').filter(Boolean);
  }

  /** Releases the requests that block or wait for `name`. */
  release(name: string): void {
    fs.writeFileSync(`${this.#file}.${name}`, '');
  }

  /** Resolves once a request whose target contains `part` ran, or has started. */
  async ran(part: string): Promise<void> {
    const watcher = fs.watch(this.#file);
    try {
      const signal = AbortSignal.timeout(15_000);
      while (!this.runs.some((run) => run.includes(part))) await once(watcher, 'change', { signal });
    } catch (cause) {
      throw new Error(`Did not run within 15 s: ${part}`, { cause });
    } finally {
      watcher.close();
    }
  }

  /** How often each request ran whose target contains `part`. */
  counts(part: string): number[] {
    const counts = new Map<string, number>();
    for (const run of this.runs) {
      if (run.includes(part)) counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    return [...counts.values()];
  }
}
