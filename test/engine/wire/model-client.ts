/** A client of the wire's model: requests whose bodies contain requests, over one real connection. */
import { once } from 'node:events';
import net from 'node:net';
import type { Behaviour } from './model-app.ts';

/** Part of every body: it must never run as a request. */
const TRAP = 'GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n';

export interface ModelRequest {
  behaviour: Behaviour;
  /** Bytes of body. */
  size: number;
  chunked: boolean;
}

export interface Answer {
  status: number;
  body: string;
}

export class ModelClient {
  readonly sent: Array<ModelRequest & { number: number }> = [];
  /** Nothing can be sent on it any more. */
  over = false;
  ended = false;
  #socket: net.Socket;
  #received = '';

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
    });
    socket.on('error', () => {});
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('close', () => {
      this.ended = true;
    });
  }

  static async connect(port: number): Promise<ModelClient> {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new ModelClient(socket);
  }

  get received(): string {
    return this.#received;
  }

  /** @param number of the request, over all clients */
  send(request: ModelRequest, number: number): void {
    if (this.over) return;
    this.sent.push({ ...request, number });
    const { behaviour, size, chunked } = request;
    const body = TRAP.repeat(Math.ceil(size / TRAP.length)).slice(0, size);
    const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
    const method = size > 0 || chunked ? 'POST' : 'GET';
    const head = `${method} /${behaviour}/${number} HTTP/1.1\r\nHost: localhost\r\n`;
    this.#socket.write(method === 'GET' ? `${head}\r\n` : `${head}${framing}\r\n\r\n`);
    if (!chunked) this.#socket.write(body);
    else {
      const half = Math.ceil(size / 2);
      for (const part of [body.slice(0, half), body.slice(half)]) {
        if (part !== '') this.#socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
      }
      this.#socket.write('0\r\n\r\n');
    }
  }

  /** Bytes of a protocol that the front does not know. */
  sendRaw(size: number): void {
    if (!this.over) this.#socket.write('x'.repeat(size));
  }

  halfClose(): void {
    this.over = true;
    this.#socket.end();
  }

  abort(): void {
    this.over = true;
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The complete final answers, in order. @throws Error if the bytes are not a sequence of answers */
  get answers(): Answer[] {
    const answers: Answer[] = [];
    let rest = this.#received;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return answers;
      const head = rest.slice(0, end);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
      if (!(status >= 100)) throw new Error(`Not an answer: ${JSON.stringify(head.slice(0, 200))}`);
      rest = rest.slice(end + 4);
      if (status < 200) continue;
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
      if (!(length >= 0))
        throw new Error(`An answer without a length: ${JSON.stringify(head.slice(0, 200))}`);
      if (rest.length < length) return answers;
      answers.push({ status, body: rest.slice(0, length) });
      rest = rest.slice(length);
    }
  }
}
