/** The parts that all workers of a Python app share: the interpreter, and in fork mode the zygote. */
import type { Mode } from '../../../protocol/config.ts';
import type { TerminalSize } from '../../../wire/terminal.ts';
import type { Runtime, WorkerLimits } from '../runtime.ts';
import type { RunnerEvents, RunnerOptions, WorkerRunner } from '../worker-runner.ts';
import { startPythonProcess } from './process-runner.ts';
import { type Guard, Zygote } from './zygote.ts';

interface PythonRuntimeOptions {
  /** Absolute path of the interpreter, or a name to find on the path. */
  interpreter: string;
  /** The most requests at a time in one process in thread mode. */
  threads: number;
  /** Number of processes in thread mode. */
  processes: number;
  guard: Guard;
}

export class PythonRuntime implements Runtime {
  /** The message about fork mode on systems without fork. */
  static readonly noFork =
    process.platform === 'win32'
      ? 'Windows has no fork, so each worker is a process that loads the app itself.'
      : undefined;
  #options: PythonRuntimeOptions;
  #zygotes = new Map<number, Zygote>();
  #lastZygote = 0;
  #endings = new Set<Promise<void>>();

  constructor(options: PythonRuntimeOptions) {
    this.#options = options;
  }

  start(mode: Mode, generation: number, options: RunnerOptions, events: RunnerEvents): WorkerRunner {
    const { interpreter, threads, processes } = this.#options;
    const python = { ...options, interpreter };
    if (mode === 'thread' || process.platform === 'win32') {
      const shape =
        mode === 'thread' ? { threads, multiprocess: processes > 1 } : { threads: 1, multiprocess: true };
      return startPythonProcess(python, { mode, ...shape }, events);
    }
    let zygote = this.#zygotes.get(generation);
    if (zygote === undefined || !zygote.alive) {
      zygote = new Zygote(python, this.#options.guard, `z${++this.#lastZygote}`);
      this.#zygotes.set(generation, zygote);
    }
    return zygote.start(options, {
      ...events,
      exit: (exit) => {
        events.exit(exit);
        this.#endUnused();
      },
    });
  }

  /** In thread mode each process has its own threads, so the number of processes is exactly the number asked for. */
  limits(mode: Mode, asked: WorkerLimits): WorkerLimits {
    const { processes } = this.#options;
    return mode === 'fork' ? asked : { workers: processes, maxWorkers: processes };
  }

  resize(size: TerminalSize): void {
    for (const zygote of this.#zygotes.values()) zygote.resize(size);
  }

  async close(): Promise<void> {
    for (const zygote of this.#zygotes.values()) this.#end(zygote);
    this.#zygotes.clear();
    await Promise.all(this.#endings);
  }

  /** Older generations start no more workers. */
  #endUnused(): void {
    const newest = Math.max(...this.#zygotes.keys());
    for (const [generation, zygote] of this.#zygotes) {
      if (generation === newest || zygote.workers > 0) continue;
      this.#zygotes.delete(generation);
      this.#end(zygote);
    }
  }

  #end(zygote: Zygote): void {
    const ending = zygote.end().finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }
}
