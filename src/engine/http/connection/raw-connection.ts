/**
 * A connection to a server of the app that does not use plain HTTP (TLS, TCP): all bytes go to one worker unchanged.
 */
import type net from 'node:net';
import { type AssignedWorker, Exchange, type ExchangeClient } from '../../requests/exchange.ts';
import type { LocalReply } from '../../requests/local-replies.ts';
import type { StreamOwner, WorkerStream } from '../../requests/worker-stream.ts';
import { StreamPipe } from './stream-pipe.ts';
import type { FrontAddress, FrontHandler } from './types.ts';

const NOTHING = Buffer.alloc(0);

export class RawConnection implements StreamOwner, ExchangeClient {
  #socket: net.Socket;
  #address: FrontAddress;
  #pipe: StreamPipe;
  #exchange: Exchange;

  constructor(socket: net.Socket, handler: FrontHandler, address: FrontAddress) {
    this.#socket = socket;
    this.#address = address;
    this.#pipe = new StreamPipe(socket);
    const route = `TCP ${address.server}`;
    const exchange = new Exchange(this, {
      id: handler.nextRequestId(),
      method: 'TCP',
      target: `:${address.info(socket).localPort}`,
      route,
      stats: handler.routes.of(route),
      server: address.server,
      userAgent: undefined,
      accept: undefined,
      endless: true,
    });
    this.#exchange = exchange;
    socket.on('end', () => this.#pipe.end());
    socket.on('error', () => {}); // 'close' follows.
    socket.on('close', () => {
      this.#pipe.stream?.reset();
      this.#pipe.detach();
      if (exchange.finish()) handler.finished(exchange);
    });
    handler.admit(exchange);
  }

  get clientKey(): string {
    return this.#socket.remoteAddress ?? '';
  }

  get clientPort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** Bytes from the client, valid during the call only. */
  receive(bytes: Buffer): void {
    this.#exchange.received(bytes.length);
    this.#pipe.enqueue(bytes);
  }

  checkDeadline(): void {}

  shutdown(): void {}

  destroy(): void {
    this.#socket.destroy();
  }

  /** @throws Error if a byte was lost; see {@link StreamPipe.check}. */
  check(): void {
    this.#pipe.check();
  }

  forward(exchange: Exchange, worker: AssignedWorker): void {
    const stream = worker.open(this, this.#address.info(this.#socket));
    this.#pipe.attach(stream);
    worker.offer(exchange, stream, NOTHING);
    this.#pipe.pump();
  }

  started(): void {
    this.#pipe.markStarted();
  }

  takenBack(): void {
    this.#pipe.stream?.reset();
    this.#pipe.detach();
  }

  refuse(exchange: Exchange, localReply: LocalReply): void {
    exchange.failed(localReply.failure);
    this.#socket.destroy();
  }

  goAway(): void {
    this.#socket.end();
  }

  onUpstreamData(stream: WorkerStream, bytes: Buffer): void {
    if (stream !== this.#pipe.stream) return;
    this.#exchange.sent(bytes.length);
    this.#exchange.firstBytePassed();
    this.#pipe.write(bytes, bytes.length);
  }

  onUpstreamEnd(stream: WorkerStream): void {
    if (stream !== this.#pipe.stream) return;
    if (stream.closed) this.#socket.destroySoon();
    else this.#socket.end();
  }

  onUpstreamCredit(stream: WorkerStream): void {
    if (stream === this.#pipe.stream) this.#pipe.pump();
  }
}
