/** A public address: accepts connections and closes those that were silent for too long. */
import net from 'node:net';
import type { BoundAddress, OpenInfo } from '../../../wire/frames.ts';
import { ClientConnection } from '../connection/http-connection.ts';
import { RawConnection } from '../connection/raw-connection.ts';
import { FRONT_LIMITS, type FrontAddress, type FrontHandler, type FrontLimits } from '../connection/types.ts';
import { HEAD_LIMITS, type HeadLimits, widened } from '../parser/head-limits.ts';
import { acceptSockets, type Receiver } from './accept.ts';

const SWEEP_MS = 1000;
const BUSY_ANSWER =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

interface ListenerOptions {
  /** Number of the address; 0 is the app's. */
  server: number;
  handler: FrontHandler;
  limits?: FrontLimits;
  /** Connections of all listeners, which share one limit. */
  connections: Set<Connection>;
}

type Connection = ClientConnection | RawConnection;
export type Connections = Set<Connection>;

export class Listener implements FrontAddress {
  readonly server: number;
  /** Pass connections through instead of reading HTTP. Undefined until the app has reported its protocol. */
  #raw: boolean | undefined;
  #waiting: Array<{ socket: net.Socket; start: (receive: Receiver) => void }> = [];
  /** Scheme of the address, for people. */
  scheme = 'http';
  #headLimits = HEAD_LIMITS;
  /** The address itself, and the second loopback address if there is one. */
  #servers: net.Server[] = [];
  #options: ListenerOptions;
  #limits: FrontLimits;
  #connections: Connections;
  #own: Connections = new Set();
  #sweep: NodeJS.Timeout | undefined;
  #retired = false;
  /** Undefined until it is bound. */
  #address: net.AddressInfo | string | undefined;

  constructor(options: ListenerOptions) {
    this.server = options.server;
    this.#options = options;
    this.#limits = options.limits ?? FRONT_LIMITS;
    this.#connections = options.connections;
  }

  /**
   * Binds the address. Rejects with the system's error (`EADDRINUSE`, `EACCES`, ...).
   * @param address host and port, or the path of a unix socket
   */
  async listen(address: { host: string; port: number } | { path: string }): Promise<void> {
    await this.#bind(address);
    this.#address = this.#servers[0]!.address() as net.AddressInfo | string;
    this.#sweep = setInterval(() => this.#checkDeadlines(), SWEEP_MS).unref();
  }

  /** Answers at the same port of one more host. Resolves with the code of the system's error if it can't. */
  async listenAlso(host: string): Promise<string | undefined> {
    const { port } = this.address as net.AddressInfo;
    return this.#bind({ host, port }).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code ?? error.message,
    );
  }

  #bind(address: { host: string; port: number } | { path: string }): Promise<void> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, () => {
        server.off('error', reject);
        acceptSockets(server, (socket, start) => this.#accept(socket, start));
        this.#servers.push(server);
        resolve();
      });
    });
  }

  get headLimits(): HeadLimits {
    return this.#headLimits;
  }

  /** A worker's server accepts heads of this size. Open connections get the new limits, too. */
  allowHeads(taken: HeadLimits): void {
    this.#headLimits = widened(this.#headLimits, taken);
  }

  /** The bound address: an `AddressInfo`, or the path of a unix socket. It stays known after the address is free. */
  get address(): net.AddressInfo | string {
    return this.#address!;
  }

  /** The same, in the form for a worker. */
  get bound(): BoundAddress {
    const { address } = this;
    return typeof address === 'string' ? { path: address } : address;
  }

  /** If the app never reports its protocol, it is HTTP, so that clients get an error page. */
  assumeHttp(): void {
    if (this.#raw === undefined) this.setKind(false, false);
  }

  /** Sets the app's protocol. Earlier connections are served from now on. */
  setKind(raw: boolean, tls: boolean): void {
    const changed = raw !== this.#raw;
    this.#raw = raw;
    this.scheme = tls ? 'https' : raw ? 'tcp' : 'http';
    // Of what else an app opens, a person need not know how it talks.
    if (raw && changed && this.server === 0) {
      const what = tls ? 'its own TLS' : 'its own protocol';
      this.#options.handler.warn(
        `The app uses ${what} at ${this.url}, so each connection goes to one worker as a whole.`,
      );
    }
    for (const { socket, start } of this.#waiting.splice(0)) {
      if (!socket.destroyed) this.#serve(socket, raw, start);
    }
  }

  /** For people and browsers; a wildcard address is shown as a name that a browser can open. */
  get url(): string {
    const { address } = this;
    if (typeof address === 'string') return `unix:${address}`;
    const wildcard = address.address === '0.0.0.0' || address.address === '::';
    const host = wildcard
      ? 'localhost'
      : address.family === 'IPv6'
        ? `[${address.address}]`
        : address.address;
    return `${this.scheme}://${host}:${address.port}/`;
  }

  info(socket: net.Socket): OpenInfo {
    const remoteAddress = socket.remoteAddress ?? '';
    return {
      server: this.server,
      remoteAddress,
      remotePort: socket.remotePort ?? 0,
      remoteFamily: remoteAddress.includes(':') ? 'IPv6' : 'IPv4',
      localAddress: socket.localAddress ?? '',
      localPort: socket.localPort ?? 0,
    };
  }

  /** Accepts no more connections; those without a request close now, the others after their answer. */
  stopAccepting(): void {
    for (const server of this.#servers) server.close();
    for (const connection of this.#own) connection.shutdown();
  }

  /** The app has closed its server: the port is free, and the connections that are open go on to their end. */
  retire(): void {
    this.stopAccepting();
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    this.#retired = true;
    this.#endSweep();
  }

  /** Some client is connected. */
  get connected(): boolean {
    return this.#own.size > 0;
  }

  /** Resolves when the port is free and no connection is left. */
  close(): Promise<void> {
    clearInterval(this.#sweep);
    return new Promise((resolve) => {
      for (const server of this.#servers) if (server.listening) server.close();
      for (const connection of this.#own) connection.destroy();
      for (const { socket } of this.#waiting.splice(0)) socket.destroy();
      for (const server of this.#servers) server.unref();
      setImmediate(resolve);
    });
  }

  #accept(socket: net.Socket, start: (receive: Receiver) => void): void {
    if (this.#connections.size + this.#waiting.length >= this.#limits.maxConnections) {
      socket.on('error', () => {});
      if (this.#raw === false) socket.write(BUSY_ANSWER);
      socket.destroySoon();
      return;
    }
    if (this.#raw === undefined) {
      socket.on('error', () => {});
      this.#waiting.push({ socket, start });
    } else this.#serve(socket, this.#raw, start);
  }

  #serve(socket: net.Socket, raw: boolean, start: (receive: Receiver) => void): void {
    const connection = raw
      ? new RawConnection(socket, this.#options.handler, this)
      : new ClientConnection(socket, this.#options.handler, this, this.#limits);
    this.#connections.add(connection);
    this.#own.add(connection);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#own.delete(connection);
      this.#endSweep();
    });
    start((bytes) => connection.receive(bytes));
  }

  #endSweep(): void {
    if (this.#retired && this.#own.size === 0) clearInterval(this.#sweep);
  }

  #checkDeadlines(): void {
    const now = performance.now();
    for (const connection of this.#own) connection.checkDeadline(now);
  }
}
