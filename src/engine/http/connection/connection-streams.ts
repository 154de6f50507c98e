/** The images of one client connection in workers, one each; a worker's is used again for its next request. */
import type { OpenInfo } from '../../../wire/frames.ts';
import type { Upstream } from '../../scheduling/upstream.ts';
import type { StreamOwner, WorkerStream } from '../../scheduling/worker-stream.ts';

export class ConnectionStreams {
  #owner: StreamOwner;
  #info: () => OpenInfo;
  #streams = new Map<Upstream, WorkerStream>();

  constructor(owner: StreamOwner, info: () => OpenInfo) {
    this.#owner = owner;
    this.#info = info;
  }

  /** A stream to this worker that can take a request. */
  to(upstream: Upstream): WorkerStream {
    const kept = this.#streams.get(upstream);
    if (kept?.usable) return kept;
    kept?.reset();
    const stream = upstream.open(this.#owner, this.#info());
    this.#streams.set(upstream, stream);
    return stream;
  }

  /** Ends one of them. */
  forget(stream: WorkerStream): void {
    if (this.#streams.get(stream.upstream) === stream) this.#streams.delete(stream.upstream);
    stream.reset();
  }

  forgetAll(): void {
    for (const stream of this.#streams.values()) stream.reset();
    this.#streams.clear();
  }
}
