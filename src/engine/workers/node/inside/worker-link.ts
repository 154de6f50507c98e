/** The worker's end of the wire. It passes frames to the app's connections and sends the app's bytes in batches. */
import type net from 'node:net';
import { claim } from '../../../../wire/claims.ts';
import { FrameReader } from '../../../../wire/frame-reader.ts';
import { FrameWriter } from '../../../../wire/frame-writer.ts';
import { Frame, type FromWorker, type OpenInfo, type ToWorker } from '../../../../wire/frames.ts';
import { type FrameSender, VirtualSocket } from './virtual-socket.ts';

/** The race finder holds the app's. */
const { setImmediate: soon } = globalThis;

/** A batch that takes longer than this is cut, so that one slow handler does not delay finished responses. */
const BATCH_MS = 1;

/** The carrier of the bytes: a MessagePort or a socket. */
export interface Wire {
  send(bytes: Buffer): void;
  /** Keeps the event loop alive, as a listening socket would. */
  ref(): void;
  unref(): void;
}

/**
 * The image of a client connection. After any bytes were dropped it can only be closed, which the front does: later
 * bytes would be taken for the missing ones.
 */
interface Connection {
  info: OpenInfo;
  socket: VirtualSocket | undefined;
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
  /** By the number of their address. */
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
    // Between two requests of a batch; these bytes come after it.
    if (this.#reader.paused) this.#reader.feed(bytes);
    else this.#read(() => this.#reader.feed(bytes), performance.now());
  }

  touch(): void {
    if (this.#feeding || this.#flushing || this.#reader.paused) return;
    this.#flushing = true;
    soon(this.#flushLater);
  }

  flush(): void {
    this.writer.flush();
  }

  /** Sends a message at once, because it may be the worker's last action. */
  control(message: FromWorker): void {
    this.writer.json(Frame.CONTROL, 0, message);
    this.flush();
  }

  /** Clients of this address are for this server from now on. */
  serve(address: number, server: net.Server): void {
    this.#servers.set(address, server);
  }

  removeServer(server: net.Server): void {
    for (const [address, other] of this.#servers) if (other === server) this.#servers.delete(address);
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

  /** Lets the app continue before it gets more; see {@link FrameReader.pause}. */
  #yield(then: () => void): void {
    this.#reader.pause();
    soon(() => {
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
        if (connection?.dropping === false) connection.socket?.deliver(bytes.subarray(start, end));
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
        if (connection?.dropping === false) connection.socket?.deliverEnd();
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
    const id = bytes.readUInt32LE(start);
    const slot = bytes.readUInt32LE(start + 4);
    const connection = this.#connections.get(stream);
    const server = connection && this.#servers.get(connection.info.server);
    // The app closed its end, or its server, while the request was on its way, or the address is another server's now.
    // It is not claimed: another stream, or another worker, can carry it.
    if (connection === undefined || server === undefined || isClosing(connection, server)) {
      if (connection !== undefined) connection.dropping = true;
      this.writer.small(Frame.DROPPED, stream, slot);
      return;
    }
    if (this.writer.pending && performance.now() - this.#flushedAt > BATCH_MS) {
      this.flush();
      this.#flushedAt = performance.now();
    }
    if (!claim(this.#claims, slot, id)) {
      connection.dropping = true;
      this.writer.small(Frame.DROPPED, stream, slot);
      return;
    }
    const startedAt = performance.now();
    const socket = connection.socket ?? this.#open(stream, connection, server);
    const answered = this.#serve(socket, id, bytes.subarray(start + 8, end));
    const reportStart = () =>
      this.writer.started(stream, slot, Math.round((performance.now() - startedAt) * 1000));
    // An async handler continues after this call and may then block. The worker takes the next request only when this
    // is known, so that the request can still move to another worker.
    if (answered) reportStart();
    else this.#yield(reportStart);
  }

  /** @returns true if the app has answered, or started to, before it released the event loop */
  #serve(socket: VirtualSocket, id: number, bytes: Buffer): boolean {
    const written = socket.bytesWritten;
    socket.requestId = id;
    if (bytes.length > 0) socket.deliver(bytes);
    return socket.bytesWritten > written;
  }

  /** The connection opens in the app only now, so that a revoked request leaves no trace there. */
  #open(stream: number, connection: Connection, server: net.Server): VirtualSocket {
    const halfOpen = (server as unknown as { allowHalfOpen: boolean }).allowHalfOpen;
    // When the app closes it, the front gets a message and opens another stream for this client.
    const socket = new VirtualSocket(stream, connection.info, this, halfOpen, () => {
      this.#connections.delete(stream);
    });
    connection.socket = socket;
    socket.attach(server);
    return socket;
  }
}

/** A request that comes now would get no answer: bytes were dropped, or the app has ended its side. */
function isClosing({ dropping, socket }: Connection, server: net.Server): boolean {
  if (dropping || socket === undefined) return dropping;
  return socket.writableEnded || socket.destroyed || !socket.isOf(server);
}
