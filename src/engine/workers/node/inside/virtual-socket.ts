/**
 * A client connection in the app: a `net.Socket` whose bytes travel in frames. It is a real `net.Socket` because
 * libraries check `instanceof`; everything that would use a handle is replaced.
 */
import net from 'node:net';
import type { FrameWriter } from '../../../../wire/frame-writer.ts';
import {
  CREDIT_STEP_BYTES,
  Frame,
  MAX_DATA_BYTES,
  type OpenInfo,
  STREAM_WINDOW_BYTES,
} from '../../../../wire/frames.ts';
import { defineProperties, type SocketProperties } from './socket-properties.ts';

/** The race finder holds the app's. */
const { setTimeout: startTimer } = globalThis;

type Callback = (error?: Error | null) => void;
interface Chunk {
  chunk: Buffer | string;
  encoding: BufferEncoding;
}

/** Sends frames; `touch` asks for a flush at the end of this turn of the event loop. */
export interface FrameSender {
  readonly writer: FrameWriter;
  touch(): void;
}

/** Private parts of `net.Server`, which counts its connections with them as `net` does. */
interface CountingServer extends net.Server {
  _connections: number;
  _emitCloseIfDrained(): void;
}

export class VirtualSocket extends net.Socket {
  /** Number of the request that this connection currently serves. */
  requestId = 0;
  #stream: number;
  #sender: FrameSender;
  #info: OpenInfo;
  #onGone: () => void;
  #window = STREAM_WINDOW_BYTES;
  #creditDue = 0;
  #held: Buffer | undefined;
  #heldCallback: Callback | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;
  #timeoutMs = 0;
  #read = 0;
  #written = 0;
  #peerGone = false;
  #server: CountingServer | undefined;

  constructor(
    stream: number,
    info: OpenInfo,
    sender: FrameSender,
    allowHalfOpen: boolean,
    onGone: () => void,
  ) {
    super({ allowHalfOpen });
    this.#stream = stream;
    this.#info = info;
    this.#sender = sender;
    this.#onGone = onGone;
  }

  /** Hands this connection to the app's server, as `net` does with an accepted one. */
  attach(server: net.Server): void {
    const counting = server as CountingServer;
    counting._connections += 1;
    this.#server = counting;
    (this as unknown as { server: net.Server }).server = server;
    server.emit('connection', this);
    // A TLS server wraps this socket. It finds no handle and therefore waits for `connect` before it writes.
    this.emit('connect');
    // A stream that was never read passes its first bytes on in a later tick. By then this worker would have taken the
    // next requests too, which may have to move to another worker.
    this.read(0);
  }

  /** Whether {@link attach} handed it to this server. */
  isOf(server: net.Server): boolean {
    return this.#server === undefined || this.#server === server;
  }

  /** Bytes from the client. */
  deliver(bytes: Buffer): void {
    this.#read += bytes.length;
    this.#refreshTimeout();
    this.#creditDue += bytes.length;
    if (this.push(bytes)) this.#returnCredit();
  }

  /** The client will send no more. */
  deliverEnd(): void {
    this.push(null);
  }

  /** The client has left. */
  deliverReset(): void {
    this.#peerGone = true;
    this.destroy();
  }

  grant(bytes: number): void {
    this.#window += bytes;
    const callback = this.#heldCallback;
    if (callback === undefined || this.#held === undefined) return;
    this.#sendHeld(callback);
  }

  override _read(): void {
    this.#returnCredit();
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, callback: Callback): void {
    this.#refreshTimeout();
    // Node's HTTP server ends each response with an empty write, whose callback reports that the response was sent.
    if (chunk.length === 0) {
      callback();
      return;
    }
    if (typeof chunk === 'string') {
      const latin1 = encoding === 'latin1' || encoding === ('binary' as BufferEncoding);
      if (latin1 || encoding === 'utf8' || encoding === ('utf-8' as BufferEncoding)) {
        const length = latin1 ? chunk.length : Buffer.byteLength(chunk);
        if (length <= this.#window && length <= MAX_DATA_BYTES) {
          this.#window -= length;
          this.#written += length;
          this.#sender.writer.text(this.#stream, chunk, latin1 ? 'latin1' : 'utf8', length);
          this.#sender.touch();
          callback();
          return;
        }
      }
      this.#send(Buffer.from(chunk, encoding), callback);
      return;
    }
    this.#send(chunk, callback);
  }

  override _writev(chunks: Chunk[], callback: Callback): void {
    let index = 0;
    const next: Callback = (error) => {
      if (error || index === chunks.length) {
        callback(error);
        return;
      }
      const { chunk, encoding } = chunks[index++]!;
      this._write(chunk, encoding, next);
    };
    next();
  }

  override _final(callback: Callback): void {
    if (!this.#peerGone) {
      this.#sender.writer.small(Frame.FIN, this.#stream);
      this.#sender.touch();
    }
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#heldCallback;
    this.#heldCallback = undefined;
    this.#held = undefined;
    held?.(error ?? new Error('The connection was closed'));
    if (!this.#peerGone) {
      this.#sender.writer.small(Frame.RESET, this.#stream);
      this.#sender.touch();
    }
    this.#onGone();
    callback(error);
    process.nextTick(() => this.emit('close', error !== null));
    const server = this.#server;
    if (server !== undefined) {
      server._connections -= 1;
      server._emitCloseIfDrained();
    }
  }

  override setTimeout(timeoutMs: number, callback?: () => void): this {
    (this as { timeout?: number }).timeout = timeoutMs;
    this.#timeoutMs = timeoutMs;
    if (timeoutMs === 0) {
      // The timer is not cleared: HTTP servers switch the time-out off and on with each request.
      if (callback) this.removeListener('timeout', callback);
      return this;
    }
    if (callback) this.once('timeout', callback);
    if (this.#timer !== undefined && this.#timerMs === timeoutMs) this.#timer.refresh();
    else {
      clearTimeout(this.#timer);
      this.#timerMs = timeoutMs;
      this.#timer = startTimer(() => this.#onTimer(), timeoutMs);
      this.#timer.unref();
    }
    return this;
  }

  override setNoDelay(): this {
    return this;
  }

  override setKeepAlive(): this {
    return this;
  }

  override ref(): this {
    return this;
  }

  override unref(): this {
    return this;
  }

  override resetAndDestroy(): this {
    return this.destroy();
  }

  override address(): net.AddressInfo {
    return {
      address: this.#info.localAddress,
      family: this.#info.remoteFamily,
      port: this.#info.localPort,
    };
  }

  #send(bytes: Buffer, callback: Callback): void {
    this.#held = bytes;
    this.#heldCallback = callback;
    this.#sendHeld(callback);
  }

  #sendHeld(callback: Callback): void {
    let bytes = this.#held;
    while (bytes !== undefined && bytes.length > 0 && this.#window > 0) {
      const size = Math.min(bytes.length, this.#window, MAX_DATA_BYTES);
      this.#sender.writer.bytes(Frame.DATA, this.#stream, bytes, 0, size);
      this.#window -= size;
      this.#written += size;
      bytes = bytes.subarray(size);
    }
    this.#sender.touch();
    if (bytes !== undefined && bytes.length > 0) {
      this.#held = bytes;
      return;
    }
    this.#held = undefined;
    this.#heldCallback = undefined;
    this.#refreshTimeout();
    callback();
  }

  #returnCredit(): void {
    if (this.#creditDue < CREDIT_STEP_BYTES || this.#peerGone) return;
    this.#sender.writer.small(Frame.CREDIT, this.#stream, this.#creditDue);
    this.#creditDue = 0;
    this.#sender.touch();
  }

  #refreshTimeout(): void {
    if (this.#timeoutMs > 0) this.#timer?.refresh();
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (this.#timeoutMs > 0 && !this.destroyed) this.emit('timeout');
  }

  /** The values behind the getters of socket-properties.ts. */
  static describe(socket: VirtualSocket): SocketProperties {
    return { info: socket.#info, read: socket.#read, written: socket.#written };
  }
}

defineProperties(VirtualSocket.prototype, VirtualSocket.describe);
