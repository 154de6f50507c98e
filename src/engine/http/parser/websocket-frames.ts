/**
 * Finds the ends of messages in a WebSocket, so that a close frame can follow one (RFC 6455, 5.2). Nothing is copied.
 */

/** RFC 6455, 7.4.1, and its registry: the server restarts; clients may reconnect. */
export const CLOSE_SERVICE_RESTART = 1012;

export class WebSocketFrames {
  /** Bytes of the current frame that must still come. */
  #remaining = 0;
  #header = Buffer.alloc(14);
  #headerLength = 0;

  /** Only whole frames so far, so another one may follow. */
  get betweenFrames(): boolean {
    return this.#remaining === 0 && this.#headerLength === 0;
  }

  scan(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#remaining > 0) {
        const here = Math.min(this.#remaining, bytes.length - at);
        this.#remaining -= here;
        at += here;
        continue;
      }
      this.#header[this.#headerLength++] = bytes[at++]!;
      const size = payloadLength(this.#header, this.#headerLength);
      if (size === undefined) continue;
      this.#headerLength = 0;
      this.#remaining = size;
    }
  }
}

/** A server's close frame, without a reason. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 0x02, code >> 8, code & 0xff]);
}

/** Bytes after the header; undefined while the header is incomplete. */
function payloadLength(header: Buffer, length: number): number | undefined {
  if (length < 2) return undefined;
  const short = header[1]! & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = (header[1]! & 0x80) === 0 ? 0 : 4;
  if (length < 2 + extended + mask) return undefined;
  if (extended === 0) return short;
  return extended === 2 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
}
