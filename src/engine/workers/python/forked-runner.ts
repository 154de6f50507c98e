/** The server's half of a worker that a zygote forks: one socket, which is a lane (WSGI) or a whole wire (ASGI). */
import type { Socket } from 'node:net';
import { deferred } from '../../../common/deferred.ts';
import { killTree } from '../../process/os/kill-tree.ts';
import type { WorkerOutput } from '../output-reader.ts';
import type { RunnerEvents, WorkerExit, WorkerRunner } from '../worker-runner.ts';
import type { FromPython } from './boot-data.ts';
import { Revocations } from './revocations.ts';
import { Gateway } from './wsgi/gateway.ts';
import { laneControl } from './wsgi/lane-frames.ts';
import { Lane, Lanes } from './wsgi/lanes.ts';

/** How long to wait for the last output of a process that has exited. */
const LAST_WORDS_MS = 100;

export class ForkedWorker implements WorkerRunner {
  readonly mode = 'fork';
  readonly threadId = undefined;
  readonly signalled = true;
  readonly number: number;
  readonly mark: string;
  readonly events: RunnerEvents;
  /** Undefined until the worker was forked. */
  pid: number | undefined;
  #socket: Socket | undefined;
  #output: WorkerOutput | undefined;
  #gateway: Gateway | undefined;
  #revocations = new Revocations();
  #isGone = false;
  #exit = deferred<void>();

  #unforked: (worker: ForkedWorker) => void;

  /**
   * @param mark of the processes that it will start; see wire/marker.ts
   * @param unforked called if it must end before it was forked
   */
  constructor(number: number, mark: string, events: RunnerEvents, unforked: (worker: ForkedWorker) => void) {
    this.number = number;
    this.mark = mark;
    this.events = events;
    this.#unforked = unforked;
  }

  // Called by its zygote from here on

  connected(
    socket: Socket,
    output: WorkerOutput,
    { style, software }: Extract<FromPython, { type: 'serving' }>,
  ): void {
    this.#socket = socket;
    this.#output = output;
    if (style === 'asgi') {
      socket.on('data', (bytes) => this.events.bytes(bytes));
      return;
    }
    const { bytes, broken } = this.events;
    const lane: Lane = new Lane(socket, (...frame) => this.#gateway?.onLane(...frame), broken);
    const lanes = new Lanes([() => lane]);
    this.events.capacity(lanes.capacity);
    this.#gateway = new Gateway({ lanes, software, bytes, control: (frame) => void socket.write(frame) });
  }

  /** The worker waits for a first frame; see {@link go}. If it was ended before, it gets none: it has exited. */
  forked(pid: number, files: readonly Buffer[]): void {
    this.pid = pid;
    this.events.started(pid);
    for (const frame of files) this.events.bytes(frame);
  }

  /** Resolves when all output of the process, which has exited, was read. */
  async drained(): Promise<void> {
    await Promise.all([this.#output?.drained(), this.#heardOut()]);
  }

  #heardOut(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed || socket.readableEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(resolve, LAST_WORDS_MS);
      socket.resume();
      socket.once('close', () => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  exited(exit: WorkerExit): void {
    this.#isGone = true;
    this.#socket?.destroy();
    this.events.exit(exit);
    this.#exit.resolve();
  }

  // WorkerRunner

  go(): void {
    this.#socket?.write(laneControl({ type: 'go' }));
  }

  send(bytes: Buffer): void {
    if (this.#gateway !== undefined) this.#gateway.feed(bytes);
    else this.#socket?.write(bytes);
  }

  revoke(slot: number, id: number, done: (revoked: boolean) => void): void {
    // A worker with one request at a time starts every request at once.
    if (this.#gateway !== undefined) done(false);
    else this.#socket?.write(this.#revocations.ask(slot, id, done));
  }

  revoked(slot: number, revoked: boolean): void {
    this.#revocations.answer(slot, revoked);
  }

  async end(graceMs: number): Promise<void> {
    // After the exit, the pid may belong to another process.
    if (this.#isGone) return;
    if (this.pid !== undefined) await killTree(this.pid, { graceMs });
    else this.#unforked(this);
    await this.#exit.promise;
  }
}
