/**
 * One keep-alive HTTP/1.1 connection, one request at a time, framed by hand: on two cores the client competes with
 * the servers, so it must cost little, and the same for every subject. Bodies are skipped, not kept.
 */
import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const CR = 13;
const LF = 10;

export const HOST = '127.0.0.1';

/** The bytes of a GET request as a browser-like client sends them. */
export function getRequest(port, target) {
  return Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${HOST}:${port}\r\nAccept: */*\r\n\r\n`);
}

export class Connection {
  #socket;
  #rest;
  #onAnswer;
  #onEnd;

  /** Resolves with an open connection; rejects with the socket's error. */
  static open(port) {
    return new Promise((resolve, reject) => {
      const connection = new Connection();
      const socket = net.connect({
        port,
        host: HOST,
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(64 * 1024),
          callback: (length, buffer) => connection.#read(buffer.subarray(0, length)),
        },
      });
      connection.#socket = socket;
      socket.once('connect', () => resolve(connection));
      socket.once('error', reject);
      socket.once('close', () => connection.#finish(new Error('connection closed')));
    });
  }

  /** Sends a request; exactly one of the callbacks is called. `onAnswer` gets the status when the body is complete. */
  send(request, onAnswer, onEnd) {
    this.#onAnswer = onAnswer;
    this.#onEnd = onEnd;
    if (this.#socket.destroyed) this.#finish(new Error('connection closed'));
    else this.#socket.write(request);
  }

  /** Like {@link send}, as a promise of the status. */
  get(request) {
    return new Promise((resolve, reject) => this.send(request, resolve, reject));
  }

  close() {
    this.#socket.destroy();
  }

  #read(chunk) {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = responseEnd(bytes);
    if (end === -1) {
      // The socket reuses its buffer for the next read, so kept bytes must be copied.
      this.#rest = Buffer.from(bytes);
    } else if (end !== bytes.length) {
      this.#finish(new Error('the response cannot be framed'));
      this.close();
    } else {
      this.#rest = undefined;
      const onAnswer = this.#onAnswer;
      this.#onAnswer = this.#onEnd = undefined;
      onAnswer?.((bytes[9] - 48) * 100 + (bytes[10] - 48) * 10 + (bytes[11] - 48));
    }
    return true;
  }

  #finish(error) {
    const onEnd = this.#onEnd;
    this.#onAnswer = this.#onEnd = undefined;
    onEnd?.(error);
  }
}

/** Offset just after the response that starts at 0; -1 while it is incomplete; -2 if it has no length. */
export function responseEnd(bytes) {
  const head = bytes.indexOf(HEAD_END);
  if (head === -1) return -1;
  const body = head + HEAD_END.length;
  for (let line = bytes.indexOf(LF) + 1; line < body - 2; line = bytes.indexOf(LF, line) + 1) {
    if (startsWith(bytes, line, 'content-length:')) {
      const end = body + decimal(bytes, line + 'content-length:'.length);
      return end <= bytes.length ? end : -1;
    }
    if (startsWith(bytes, line, 'transfer-encoding:')) return chunkedEnd(bytes, body);
  }
  return -2;
}

function chunkedEnd(bytes, start) {
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf(LF, at);
    if (lineEnd === -1) return -1;
    const size = Number.parseInt(bytes.latin1Slice(at, lineEnd), 16);
    if (Number.isNaN(size)) return -2;
    // A chunk's data ends in CRLF; the last chunk has no data and, from these servers, no trailers.
    at = lineEnd + 1 + size + 2;
    if (at > bytes.length) return -1;
    if (size === 0) return at;
  }
}

/** Whether `at` is the start of a header name, given in lower case; cheap on the first byte. */
function startsWith(bytes, at, name) {
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[at + i];
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower !== name.charCodeAt(i)) return false;
  }
  return true;
}

function decimal(bytes, at) {
  let value = 0;
  for (let i = at; bytes[i] !== CR; i++) {
    if (bytes[i] >= 48 && bytes[i] <= 57) value = value * 10 + bytes[i] - 48;
  }
  return value;
}
