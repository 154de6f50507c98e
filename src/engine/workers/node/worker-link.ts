/** The worker's end of the wire: frames in, the app's connections fed; the app's bytes out, in batches. */
import type net from 'node:net';
import { claim } from '../../../protocol/claims.ts';
import {
  Frame,
  FrameReader,
  FrameWriter,
  type FromWorker,
  type OpenInfo,
  type ToWorker,
} from '../../../protocol/frames.ts';
import { type FrameSender, VirtualSocket } from './virtual-socket.ts';

/** A batch is cut when it took longer than this, so that one slow handler does not hold back finished answers. */
const BATCH_MS = 1;

/** What carries the bytes: a MessagePort or a socket. */
export interface Wire {
  send(bytes: Buffer): void;
  /** Keeps the event loop alive, as a listening socket would. */
  ref(): void;
  unref(): void;
}

interface Connection {
  info: OpenInfo;
  socket: VirtualSocket | undefined;
  /** The current request was revoked; its bytes are not for the app. */
  dropping: boolean;
}

export class WorkerLink implements FrameSender {
  readonly writer: FrameWriter;
  readonly wire: Wire;
  /** Gets messages that are not about a connection. */
  onControl: (message: ToWorker) => void = () => {};
  #claims: Int32Array;
  #reader: FrameReader;
  #connections = new Map<number, Connection>();
  #servers = new Map<number, net.Server>();
  #flushing = false;
  #feeding = false;
  #flushedAt = 0;

  constructor(wire: Wire, claims: Int32Array) {
    this.wire = wire;
    this.#claims = claims;
    this.writer = new FrameWriter((bytes) => wire.send(bytes));
    this.#reader = new FrameReader((type, stream, bytes, start, end) => {
      this.#onFrame(type, stream, bytes, start, end);
    });
  }

  /** Bytes from the front. */
  feed(bytes: Buffer): void {
    // Between two requests of a batch: these come after it.
    if (this.#reader.paused) this.#reader.feed(bytes);
    else this.#read(() => this.#reader.feed(bytes), performance.now());
  }

  touch(): void {
    if (this.#feeding || this.#flushing || this.#reader.paused) return;
    this.#flushing = true;
    setImmediate(this.#flushLater);
  }

  flush(): void {
    this.writer.flush();
  }

  /** Sends a message at once: it may be the last thing this worker does. */
  control(message: FromWorker): void {
    this.writer.json(Frame.CONTROL, 0, message);
    this.flush();
  }

  addServer(index: number, server: net.Server): void {
    this.#servers.set(index, server);
  }

  removeServer(index: number): void {
    this.#servers.delete(index);
  }

  get hasServers(): boolean {
    return this.#servers.size > 0;
  }

  /** Connections on which a request may be under way. */
  get openSockets(): number {
    let count = 0;
    for (const { socket } of this.#connections.values()) if (socket !== undefined) count += 1;
    return count;
  }

  #read(read: () => void, now: number): void {
    this.#feeding = true;
    this.#flushedAt = now;
    try {
      read();
    } finally {
      this.#feeding = false;
      if (!this.#reader.paused) this.flush();
    }
  }

  /** Lets the app go on before it gets more; see {@link FrameReader.pause}. */
  #yield(then: () => void): void {
    this.#reader.pause();
    setImmediate(() => {
      then();
      const now = performance.now();
      const late = now - this.#flushedAt > BATCH_MS;
      if (late) this.flush();
      this.#read(() => this.#reader.resume(), late ? now : this.#flushedAt);
    });
  }

  #flushLater = (): void => {
    this.#flushing = false;
    this.flush();
  };

  #onFrame(type: number, stream: number, bytes: Buffer, start: number, end: number): void {
    switch (type) {
      case Frame.HEAD:
        this.#onHead(stream, bytes, start, end);
        return;
      case Frame.DATA: {
        const connection = this.#connections.get(stream);
        if (connection !== undefined && !connection.dropping) {
          connection.socket?.deliver(bytes.subarray(start, end));
        }
        return;
      }
      case Frame.CREDIT:
        this.#connections.get(stream)?.socket?.grant(bytes.readUInt32LE(start));
        return;
      case Frame.OPEN: {
        const info = JSON.parse(bytes.toString('utf8', start, end)) as OpenInfo;
        this.#connections.set(stream, { info, socket: undefined, dropping: false });
        return;
      }
      case Frame.FIN: {
        const connection = this.#connections.get(stream);
        if (connection !== undefined && !connection.dropping) connection.socket?.deliverEnd();
        return;
      }
      case Frame.RESET: {
        const connection = this.#connections.get(stream);
        this.#connections.delete(stream);
        connection?.socket?.deliverReset();
        return;
      }
      case Frame.PING:
        this.writer.small(Frame.PONG, 0);
        return;
      case Frame.FLUSH:
        this.flush();
        return;
      case Frame.CONTROL:
        this.onControl(JSON.parse(bytes.toString('utf8', start, end)) as ToWorker);
        return;
      default:
        throw new Error(`Unknown frame type ${type}`);
    }
  }

  #onHead(stream: number, bytes: Buffer, start: number, end: number): void {
    const connection = this.#connections.get(stream);
    if (connection === undefined) return;
    const id = bytes.readUInt32LE(start);
    const slot = bytes.readUInt32LE(start + 4);
    if (this.writer.pending && performance.now() - this.#flushedAt > BATCH_MS) {
      this.flush();
      this.#flushedAt = performance.now();
    }
    if (!claim(this.#claims, slot, id)) {
      connection.dropping = true;
      this.writer.small(Frame.DROPPED, stream, slot);
      return;
    }
    connection.dropping = false;
    const startedAt = performance.now();
    const answered = this.#serve(stream, connection, id, bytes.subarray(start + 8, end));
    const begun = () => this.writer.started(stream, slot, Math.round((performance.now() - startedAt) * 1000));
    // An async handler goes on after this call, and may then block. The next request is not taken before that is
    // known, so that it can still go to another worker.
    if (answered) begun();
    else this.#yield(begun);
  }

  /** @returns true when the app has answered, or begun to, before it let go */
  #serve(stream: number, connection: Connection, id: number, bytes: Buffer): boolean {
    const socket = connection.socket ?? this.#open(stream, connection);
    if (socket === undefined) return true;
    const written = socket.bytesWritten;
    socket.requestId = id;
    if (bytes.length > 0) socket.deliver(bytes);
    return socket.bytesWritten > written;
  }

  /** Opens the connection in the app only now, so that a revoked request leaves no trace there. */
  #open(stream: number, connection: Connection): VirtualSocket | undefined {
    const server = this.#servers.get(connection.info.server);
    if (server === undefined) {
      this.writer.small(Frame.RESET, stream);
      this.#connections.delete(stream);
      return undefined;
    }
    const halfOpen = (server as unknown as { allowHalfOpen: boolean }).allowHalfOpen;
    const socket = new VirtualSocket(stream, connection.info, this, halfOpen, () => {
      if (connection.socket === socket) connection.socket = undefined;
    });
    connection.socket = socket;
    socket.attach(server);
    return socket;
  }
}
