/** A client that writes any bytes, and reads answers by RFC 9112 alone. */
import type net from 'node:net';
import { connect } from './http-client.ts';

const DEADLINE_MS = 15_000;

export interface RawAnswer {
  status: number;
  /** Status line and fields as received, without the empty line. */
  head: string;
  /** By lower-case name; the last of repeated fields. */
  headers: Record<string, string>;
  body: Buffer;
  /** Fields after a chunked body, by lower-case name. */
  trailers: Record<string, string>;
}

/** How the server ended the connection: orderly (FIN) or not (RST). */
export type Ending = 'end' | 'reset';

export async function connectRaw(url: string): Promise<RawClient> {
  return new RawClient(await connect(url));
}

export class RawClient {
  readonly socket: net.Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #ending: Ending | undefined;
  #wake: () => void = () => {};

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on('end', () => this.#end('end'));
    socket.on('error', () => this.#end('reset'));
  }

  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next answer, including interim ones (1xx, except 101). `method` is that of its request. */
  async answer(method = 'GET'): Promise<RawAnswer> {
    const { head, status, headers } = await this.#head();
    const none = Buffer.alloc(0);
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
      return { status, head, headers, body: none, trailers: {} };
    }
    if (headers['transfer-encoding'] === 'chunked') {
      const chunks: Buffer[] = [];
      for (;;) {
        const size = Number.parseInt(await this.line(), 16);
        if (size === 0) break;
        chunks.push(await this.take(size));
        await this.line();
      }
      const trailers = parseFields(await this.#lines());
      return { status, head, headers, body: Buffer.concat(chunks), trailers };
    }
    const length = headers['content-length'];
    const body = length === undefined ? await this.rest() : await this.take(Number(length));
    return { status, head, headers, body, trailers: {} };
  }

  /** Resolves with the way in which the server ended the connection. */
  async ending(): Promise<Ending> {
    await this.#until(() => this.#ending !== undefined, 'the end of the connection');
    return this.#ending!;
  }

  /** Everything up to the end of the connection. */
  async rest(): Promise<Buffer> {
    await this.ending();
    return this.take(this.#length);
  }

  /** The next `count` bytes. */
  async take(count: number): Promise<Buffer> {
    await this.#until(() => this.#length >= count, `${count} bytes`);
    const bytes = this.#joined();
    this.#chunks = [bytes.subarray(count)];
    this.#length -= count;
    return bytes.subarray(0, count);
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    await this.#until(() => this.#joined().includes('\r\n'), 'a line');
    const line = await this.take(this.#joined().indexOf('\r\n') + 2);
    return line.toString('latin1', 0, line.length - 2);
  }

  destroy(): void {
    this.socket.destroy();
  }

  #joined(): Buffer {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }

  async #head(): Promise<Pick<RawAnswer, 'head' | 'status' | 'headers'>> {
    const [statusLine = '', ...fields] = await this.#lines();
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) throw new Error(`Not a status line: ${statusLine}`);
    return { status, head: [statusLine, ...fields].join('\r\n'), headers: parseFields(fields) };
  }

  async #lines(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== ''; line = await this.line()) lines.push(line);
    return lines;
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#wake();
  }

  async #until(done: () => boolean, what: string): Promise<void> {
    const deadline = setTimeout(() => this.socket.destroy(new Error('too late')), DEADLINE_MS);
    try {
      while (!done()) {
        if (this.#ending !== undefined) {
          const seen = this.#joined().toString('latin1').slice(0, 500);
          throw new Error(`The connection ended (${this.#ending}) before ${what}; left: ${seen}`);
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(deadline);
    }
  }
}

function parseFields(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
