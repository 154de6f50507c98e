/**
 * Moves bytes between a client's socket and a stream to a worker, with back-pressure both ways. What was sent is
 * kept until the worker has started the request, because until then it may have to go to another worker.
 */
import type net from 'node:net';
import type { Stream } from '../stream.ts';

/** A client may send this much ahead of what can be passed on; then its socket is paused. */
const AHEAD_BYTES = 64 * 1024;

export class StreamPipe {
  #socket: net.Socket;
  #stream: Stream | undefined;
  #started = false;
  #queue: Buffer[] = [];
  #queued = 0;
  #sent: Buffer[] = [];
  #owed = 0;
  #finPending = false;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#returnCredit());
  }

  get stream(): Stream | undefined {
    return this.#stream;
  }

  /** Sends to this stream from now on, beginning with all that no worker has started on. */
  attach(stream: Stream): void {
    this.#returnCredit();
    this.#stream = stream;
    this.#started = false;
    if (this.#sent.length > 0) {
      this.#queue.unshift(...this.#sent);
      for (const part of this.#sent) this.#queued += part.length;
      this.#sent = [];
    }
  }

  /** Nothing more is sent until the next {@link attach}. */
  detach(): void {
    this.#returnCredit();
    this.#stream = undefined;
  }

  /** The worker began, so nothing of this request can go elsewhere. */
  markStarted(): void {
    this.#started = true;
    this.#sent = [];
  }

  /** Forgets a request that is over. */
  clear(): void {
    this.#queue = [];
    this.#queued = 0;
    this.#sent = [];
    this.#finPending = false;
    this.#socket.resume();
  }

  /** Bytes from the client, valid during the call only. */
  enqueue(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const stream = this.#stream;
    if (this.#started && this.#queue.length === 0 && stream !== undefined && stream.window >= bytes.length) {
      stream.data(bytes);
      return;
    }
    this.#queue.push(Buffer.from(bytes));
    this.#queued += bytes.length;
    this.pump();
    if (this.#queued > AHEAD_BYTES) this.#socket.pause();
  }

  /** The client will send no more. */
  end(): void {
    this.#finPending = true;
    this.pump();
  }

  /** Sends what the worker has room for. */
  pump(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    while (this.#queue.length > 0 && stream.window > 0) {
      const first = this.#queue[0]!;
      const part = first.length <= stream.window ? first : first.subarray(0, stream.window);
      if (part === first) this.#queue.shift();
      else this.#queue[0] = first.subarray(part.length);
      this.#queued -= part.length;
      stream.data(part);
      if (!this.#started) this.#sent.push(part);
    }
    if (this.#queue.length > 0) return;
    if (this.#finPending) {
      this.#finPending = false;
      stream.fin();
    }
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Sends bytes to the client. The worker gets its credit back once they left. */
  write(bytes: Buffer, credit: number): void {
    if (this.#socket.writable && this.#socket.write(bytes)) this.#stream?.credit(credit);
    else this.#owed += credit;
  }

  #returnCredit(): void {
    if (this.#owed === 0) return;
    this.#stream?.credit(this.#owed);
    this.#owed = 0;
  }
}
