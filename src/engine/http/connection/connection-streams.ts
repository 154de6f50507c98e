/** The images of one client connection in workers, one per worker; the next request in a worker uses the same image. */
import type { OpenInfo } from '../../../wire/frames.ts';
import type { AssignedWorker } from '../../requests/exchange.ts';
import type { StreamOwner, WorkerStream } from '../../requests/worker-stream.ts';

export class ConnectionStreams {
  #owner: StreamOwner;
  #info: () => OpenInfo;
  /** By the number of the worker. */
  #streams = new Map<number, WorkerStream>();

  constructor(owner: StreamOwner, info: () => OpenInfo) {
    this.#owner = owner;
    this.#info = info;
  }

  /** A stream to this worker that can take a request. */
  to(worker: AssignedWorker): WorkerStream {
    const kept = this.#streams.get(worker.id);
    if (kept?.usable) return kept;
    kept?.reset();
    const stream = worker.open(this.#owner, this.#info());
    this.#streams.set(worker.id, stream);
    return stream;
  }

  /** Ends one stream. */
  forget(stream: WorkerStream): void {
    const { id } = stream.port;
    if (this.#streams.get(id) === stream) this.#streams.delete(id);
    stream.reset();
  }

  forgetAll(): void {
    for (const stream of this.#streams.values()) stream.reset();
    this.#streams.clear();
  }
}
