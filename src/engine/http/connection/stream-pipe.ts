/**
 * Moves bytes between a client's socket and a stream to a worker, with back-pressure both ways. Sent bytes are kept
 * until the worker has started the request, because until then the request may move to another worker.
 *
 * Invariant, per request: bytes taken from the client = bytes passed on + bytes held; see {@link StreamPipe.check}. The
 * client's end is passed on like a byte: after the others, and again if they are sent again.
 */
import type net from 'node:net';
import type { WorkerStream } from '../../requests/worker-stream.ts';

/** A client may send this many bytes ahead of the worker; then its socket is paused. */
const AHEAD_BYTES = 64 * 1024;

export class StreamPipe {
  #socket: net.Socket;
  #stream: WorkerStream | undefined;
  #started = false;
  /** Bytes that wait for a worker, or for room. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that were passed on, kept while they may have to move to another worker. */
  #kept: Buffer[] = [];
  #takenBytes = 0;
  #passedBytes = 0;
  /** The client's end: not received, held like a byte, or passed on. */
  #end: 'none' | 'held' | 'passed' = 'none';
  /** Bytes from the worker that the client has not taken. */
  #owed = 0;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#returnCredit());
  }

  get stream(): WorkerStream | undefined {
    return this.#stream;
  }

  /** All bytes of the client were passed on. */
  get settled(): boolean {
    return this.#heldBytes === 0 && this.#end !== 'held';
  }

  /** Sends to this stream from now on, starting with all bytes of requests that no worker has started. */
  attach(stream: WorkerStream): void {
    this.detach();
    this.#stream = stream;
    this.#started = false;
  }

  /** Sends nothing until the next {@link attach}. Bytes of requests that no worker has started are held for it. */
  detach(): void {
    this.#returnCredit();
    this.#stream = undefined;
    if (this.#started) return;
    this.#held.unshift(...this.#kept);
    this.#heldBytes += this.#passedBytes;
    this.#passedBytes = 0;
    this.#kept = [];
    if (this.#end === 'passed') this.#end = 'held';
  }

  /** The worker has started the request, so it can't move to another worker. */
  markStarted(): void {
    this.#started = true;
    this.#kept = [];
  }

  /** Forgets a request that is over. Its stream may be used again only if all of it is {@link settled}. */
  clear(): void {
    this.#held = [];
    this.#kept = [];
    this.#heldBytes = this.#takenBytes = this.#passedBytes = 0;
    this.#started = false;
    this.#end = 'none';
    this.#socket.resume();
  }

  /** Bytes from the client, valid during the call only. */
  enqueue(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#takenBytes += bytes.length;
    const stream = this.#stream;
    if (this.#started && this.#heldBytes === 0 && stream !== undefined && stream.room >= bytes.length) {
      this.#passedBytes += bytes.length;
      stream.data(bytes);
      return;
    }
    this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
    this.pump();
    if (this.#heldBytes > AHEAD_BYTES) this.#socket.pause();
  }

  /** The client will send no more. */
  end(): void {
    if (this.#end !== 'none') return;
    this.#end = 'held';
    this.pump();
  }

  /** Sends as much as the worker has room for. */
  pump(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    while (this.#held.length > 0 && stream.room > 0) {
      const first = this.#held[0]!;
      const part = first.length <= stream.room ? first : first.subarray(0, stream.room);
      if (part === first) this.#held.shift();
      else this.#held[0] = first.subarray(part.length);
      this.#heldBytes -= part.length;
      this.#passedBytes += part.length;
      stream.data(part);
      if (!this.#started) this.#kept.push(part);
    }
    if (this.#held.length > 0) return;
    if (this.#end === 'held') {
      this.#end = 'passed';
      stream.fin();
    }
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Sends bytes to the client. The worker gets its credit back once the client has taken them. */
  write(bytes: Buffer, credit: number): void {
    if (this.#socket.writable && this.#socket.write(bytes)) this.#stream?.credit(credit);
    else this.#owed += credit;
  }

  /** @throws Error if a byte of the request is neither passed on nor held, or is counted twice */
  check(): void {
    const length = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0);
    const held = length(this.#held);
    const kept = length(this.#kept);
    const right =
      held === this.#heldBytes &&
      this.#takenBytes === this.#passedBytes + held &&
      (this.#started || kept === this.#passedBytes) &&
      (this.#end !== 'passed' || held === 0);
    if (right) return;
    const facts = { taken: this.#takenBytes, passed: this.#passedBytes, held, kept, end: this.#end };
    throw new Error(`A request's bytes do not add up: ${JSON.stringify(facts)}`);
  }

  #returnCredit(): void {
    if (this.#owed === 0) return;
    this.#stream?.credit(this.#owed);
    this.#owed = 0;
  }
}
