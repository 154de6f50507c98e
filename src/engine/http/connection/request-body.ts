/** Where a request's body ends, without copying it: by Content-Length or by its chunks (RFC 9112, 6). */
import { ChunkedScanner } from '../parser/chunked.ts';
import type { RequestHead } from '../parser/request-head.ts';

export class RequestBody {
  done = true;
  /** Why the body is not HTTP; the connection can't be used any more. */
  error: string | undefined;
  #remaining = 0;
  #chunked: ChunkedScanner | undefined;

  begin(head: RequestHead): void {
    this.error = undefined;
    this.#chunked = head.chunked ? new ChunkedScanner() : undefined;
    this.#remaining = Math.max(0, head.contentLength);
    this.done = !head.chunked && this.#remaining === 0;
  }

  /** @returns the index just past the body's part of `bytes[start, end)` */
  scan(bytes: Buffer, start: number, end: number): number {
    if (this.#chunked !== undefined) {
      const at = this.#chunked.scan(bytes, start, end);
      this.error = this.#chunked.error;
      this.done = this.#chunked.done;
      return at;
    }
    const here = Math.min(this.#remaining, end - start);
    this.#remaining -= here;
    this.done = this.#remaining === 0;
    return start + here;
  }
}
