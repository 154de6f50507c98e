/**
 * The server's half of fork mode: a process that has loaded the app and forks workers on demand. Each generation of the
 * code has one. It exits with its last worker once a newer generation has taken over.
 */
import net from 'node:net';
import type { FromWorker } from '../../../wire/frames.ts';
import { MARKER_VARIABLE, markedFor } from '../../../wire/marker.ts';
import type { TerminalSize } from '../../../wire/terminal.ts';
import { killTree } from '../../process/os/kill-tree.ts';
import { WorkerOutput } from '../output-reader.ts';
import { exitText, type RunnerEvents, type WorkerExit, type WorkerRunner } from '../worker-runner.ts';
import type { FromPython } from './boot-data.ts';
import { ForkedWorker } from './forked-runner.ts';
import { type PythonProcess, type PythonRunnerOptions, startPython } from './python-process.ts';
import { laneControl } from './wsgi/lane-frames.ts';

/** The process or worker that started a process; see process-guard.ts. */
interface Owner {
  name: string;
  pid: number | undefined;
}

/** Ensures that no process outlives the server; see process-guard.ts. */
export interface Guard {
  /** Resolves once the process is in the ledger. */
  guard(pid: number, command: string): Promise<void>;
  /** The app started a process while it was being loaded. */
  spawned(owner: Owner, message: Extract<FromWorker, { type: 'spawned' }>): void;
  childExited(owner: Owner, pid: number): void;
  /** It has exited: end what the app started while it was loaded. */
  ownerEnded(owner: Owner): Promise<void>;
}

/** How long the app's own exit handlers may take, in ms: the zygote has loaded the app too. */
const EXIT_GRACE_MS = 500;

export class Zygote {
  #guard: Guard;
  #owner: Owner;
  #python: PythonProcess;
  #workers = new Map<number, ForkedWorker>();
  #serving: Extract<FromPython, { type: 'serving' }> | undefined;
  /** Its messages while it loaded the app; every worker repeats them as its own. */
  #files: Buffer[] = [];
  #lastWorker = 0;
  #exit: WorkerExit | undefined;
  #ended: Promise<void>;

  /** @param name its name in marks; see wire/marker.ts */
  constructor(options: PythonRunnerOptions, guard: Guard, name: string) {
    this.#guard = guard;
    this.#python = startPython(
      { ...options, env: markedFor(options.env, name) },
      { fork: true, multiprocess: true, lanes: 0 },
      {
        control: (message, frame) => this.#onMessage(message, frame),
        frame: () => {},
        output: (...output) => this.#oldest()?.events.output(...output),
        broken: (reason) => this.#broken(reason),
      },
    );
    const { pid } = this.#python;
    this.#owner = { name, pid };
    if (pid !== undefined) void guard.guard(pid, 'python (fork mode)').then(() => this.#python.go());
    this.#ended = this.#python.exit.then((exit) => {
      this.#exit = exit;
      const ended = guard.ownerEnded(this.#owner);
      // Forked workers run until they get a message to end, or their lane is closed; no process would reap them.
      for (const worker of [...this.#workers.values()]) this.#exited(worker, exit);
      return ended;
    });
  }

  /** Its process runs. */
  get alive(): boolean {
    return this.#exit === undefined;
  }

  /** Workers that have not exited. */
  get workers(): number {
    return this.#workers.size;
  }

  /** Forks a worker, or does so once the app has been loaded. */
  start(options: Pick<PythonRunnerOptions, 'env'>, events: RunnerEvents): WorkerRunner {
    const mark = options.env[MARKER_VARIABLE] ?? '';
    const worker = new ForkedWorker(++this.#lastWorker, mark, events, (unforked) =>
      this.#exited(unforked, { code: 0, signal: null, text: 'not started' }),
    );
    this.#workers.set(worker.number, worker);
    if (this.#serving !== undefined) this.#fork(worker);
    return worker;
  }

  /** The terminal has a new size, for workers that are forked from now on. */
  resize(size: TerminalSize): void {
    this.#python.control.write(laneControl({ type: 'resize', size }));
  }

  /** Ends the zygote and its remaining workers. */
  async end(): Promise<void> {
    if (this.alive && this.#python.pid !== undefined) {
      // Only a signal and no message: the app may have a handler, which could take the second request for impatience.
      await killTree(this.#python.pid, { graceMs: EXIT_GRACE_MS });
    }
    await this.#ended;
  }

  #oldest(): ForkedWorker | undefined {
    return this.#workers.values().next().value;
  }

  #fork(worker: ForkedWorker): void {
    this.#python.control.write(laneControl({ type: 'fork', worker: worker.number, mark: worker.mark }));
  }

  #onMessage(message: FromWorker | FromPython, frame: Buffer): void {
    switch (message.type) {
      case 'serving':
        this.#serving = message;
        for (const worker of this.#workers.values()) this.#fork(worker);
        return;
      case 'lane':
        this.#connect(message.worker, message.path);
        return;
      case 'forked':
        this.#workers.get(message.worker)?.forked(message.pid, this.#files);
        return;
      case 'notForked': {
        const worker = this.#workers.get(message.worker);
        const text = `could not be forked: ${message.reason}`;
        if (worker !== undefined) this.#exited(worker, { code: 1, signal: null, text });
        return;
      }
      case 'exited': {
        const { code, signal } = message;
        const worker = this.#workers.get(message.worker);
        const exit = { code: signal === null ? code : null, signal, text: exitText(code, signal) };
        if (worker !== undefined) void worker.drained().then(() => this.#exited(worker, exit));
        return;
      }
      case 'spawned':
        this.#guard.spawned(this.#owner, message);
        return;
      case 'childExited':
        this.#guard.childExited(this.#owner, message.pid);
        return;
      case 'exception':
      case 'nothingToServe':
        for (const worker of this.#workers.values()) worker.events.bytes(frame);
        return;
      default:
        // Workers that are forked later have loaded the same files.
        if (message.type === 'loaded') this.#files.push(Buffer.from(frame));
        this.#oldest()?.events.bytes(Buffer.from(frame));
    }
  }

  /** It can't fork any more. Its workers learn that from their exit. */
  #broken(reason: string): void {
    for (const worker of this.#workers.values()) worker.events.broken(reason);
    this.#python.child.kill('SIGKILL');
  }

  #connect(number: number, path: string): void {
    // In the order in which the other side accepts them.
    const [socket, stdout, stderr] = [net.connect(path), net.connect(path), net.connect(path)];
    for (const end of [socket, stdout, stderr]) end.on('error', () => {});
    const worker = this.#workers.get(number);
    // The worker was ended while it was being forked; the new process sees the end of its connection and exits.
    if (worker === undefined || this.#serving === undefined) {
      for (const end of [socket, stdout, stderr]) end.destroy();
      return;
    }
    const output = new WorkerOutput(this.#python.secret, worker.events.output);
    output.read('stdout', stdout);
    output.read('stderr', stderr);
    worker.connected(socket, output, this.#serving);
  }

  #exited(worker: ForkedWorker, exit: WorkerExit): void {
    if (this.#workers.delete(worker.number)) worker.exited(exit);
  }
}
