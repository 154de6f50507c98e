/**
 * How a worker says which request a piece of its output belongs to. Output is bytes on a descriptor, as with every
 * program, so that nothing of it is lost when the worker dies, and that what its children and native code write there
 * keeps its place. Between the bytes stand _marks_: what follows one belongs to the request that it names.
 *
 * A mark is the worker's secret (16 bytes) and a u32 LE, the number of the request or 0 for none. The secret begins with
 * a byte that no UTF-8 text has, and the rest is random: output can't hold a mark by chance or by a client's doing.
 */

export const SECRET_BYTES = 16;
export const MARK_BYTES = SECRET_BYTES + 4;

/** First byte of every secret; not part of any UTF-8 text (RFC 3629, section 1). */
export const SECRET_START = 0xff;

/**
 * A mark, text and a mark leave in one write of at most so many bytes, which what others write does not cut: a pipe keeps
 * together what fits into PIPE_BUF (POSIX: at least 512; Linux: 4096).
 */
export const MAX_MARKED_BYTES = 4096;

export function mark(secret: Uint8Array, request: number): Buffer {
  const bytes = Buffer.alloc(MARK_BYTES);
  bytes.set(secret);
  bytes.writeUInt32LE(request, SECRET_BYTES);
  return bytes;
}

/** What to write for a piece of output, one write after the other. */
export function* marked(secret: Uint8Array, request: number, bytes: Uint8Array): Generator<Uint8Array> {
  if (request === 0) {
    yield bytes;
    return;
  }
  const begin = mark(secret, request);
  const end = mark(secret, 0);
  const room = MAX_MARKED_BYTES - 2 * MARK_BYTES;
  for (let at = 0; at < bytes.length; at += room) {
    yield Buffer.concat([begin, bytes.subarray(at, at + room), end]);
  }
}
