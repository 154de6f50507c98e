/** The result of node's own http server for some bytes: the apps behind the front use this parser. */
import http, { type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';

export interface SeenMessage {
  method: string;
  target: string;
  /** Payload bytes, decoded, as latin1. */
  body: string;
  complete: boolean;
  /** Everything after this message belongs to another protocol. */
  tunnel: boolean;
}

export interface Seen {
  messages: SeenMessage[];
  /** Why the bytes were refused. */
  refused: string | undefined;
}

/** A client connection without a socket: it takes bytes and records the answers. */
class Wire extends Duplex {
  answer = '';

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.answer += chunk.toString('latin1');
    done();
  }
}

/**
 * Node parses synchronously in the `data` event of a connection, so tests need no waiting. The server never listens.
 */
export class NodeParser {
  #server: http.Server;
  #requests: Array<{ request: IncomingMessage; tunnel: boolean }> = [];
  #refused: string | undefined;

  /** @param upgrades whether the app has an `upgrade` listener */
  constructor(upgrades: boolean) {
    // Node's default of 16 KiB belongs to the app; these tests must reach the front's own limit.
    this.#server = http.createServer({ maxHeaderSize: 512 * 1024 });
    const take = (request: IncomingMessage) => this.#take(request, false);
    this.#server.on('request', take);
    this.#server.on('checkContinue', take);
    this.#server.on('checkExpectation', take);
    this.#server.on('connect', (request) => this.#take(request, true));
    if (upgrades) this.#server.on('upgrade', (request) => this.#take(request, true));
    this.#server.on('clientError', (error: NodeJS.ErrnoException) => {
      this.#refused ??= error.code ?? error.message;
    });
  }

  read(parts: readonly Buffer[]): Seen {
    this.#requests = [];
    this.#refused = undefined;
    const wire = new Wire();
    wire.on('error', () => {});
    this.#server.emit('connection', wire);
    for (const part of parts) {
      if (this.#refused === undefined) wire.emit('data', part);
    }
    const messages = this.#requests.map(({ request, tunnel }) => ({
      method: request.method ?? '',
      target: request.url ?? '',
      body: (request.read() as Buffer | null)?.toString('latin1') ?? '',
      complete: request.complete,
      tunnel,
    }));
    // A request without a Host reaches no listener: the server itself answers it.
    if (wire.answer.startsWith('HTTP/1.1 4')) this.#refused ??= wire.answer.slice(9, 12);
    wire.destroy();
    return { messages, refused: this.#refused };
  }

  #take(request: IncomingMessage, tunnel: boolean): void {
    request.on('error', () => {});
    this.#requests.push({ request, tunnel });
  }
}
