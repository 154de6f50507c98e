/** Finds the session in the answer that gives it. It looks at the answer's first bytes only. */
import { endpointSession } from './session-request.ts';

/** A handshake is shorter than this, with the head of its answer. */
const MAX_BYTES = 8 * 1024;

/** engine.io's open packet: `0{"sid":"…",…}`, perhaps with a length before it or as a string of JSONP. */
const OPEN_PACKET = /0\{\\?"sid\\?":\\?"([^"\\]+)\\?"/;
/** MCP's former transport: the first event of a stream says where to post. */
const ENDPOINT = /(?:^|\n)event: ?endpoint\r?\ndata: ?([^\r\n]+)\r?\n/;

export type HandshakeKind = 'open packet' | 'endpoint event';

export class SessionHandshake {
  #kind: HandshakeKind;
  #text = '';

  constructor(kind: HandshakeKind) {
    this.#kind = kind;
  }

  /**
   * Takes the next bytes of the answer, its head included.
   * @returns the session's name; `none` if there will be none; undefined if more bytes may have it
   */
  feed(bytes: Buffer): string | 'none' | undefined {
    this.#text += bytes.toString('latin1', 0, Math.min(bytes.length, MAX_BYTES - this.#text.length));
    const found = this.#kind === 'open packet' ? OPEN_PACKET.exec(this.#text) : ENDPOINT.exec(this.#text);
    const id = this.#kind === 'open packet' ? found?.[1] : endpointSession(found?.[1] ?? '');
    if (id !== undefined) return id;
    return this.#text.length >= MAX_BYTES || found !== null ? 'none' : undefined;
  }
}
