/**
 * How a worker says which request a piece of its output belongs to. Output is bytes on a descriptor, as with every
 * program, so that nothing of it is lost when the worker dies, and that what its children and native code write there
 * keeps its place. Between the bytes stand _marks_, which say of what follows to which request and stream it belongs: so
 * stdout and stderr can share a descriptor, and keep their order.
 *
 * A mark is the worker's secret (16 bytes), a u32 LE, the number of the request or 0 for none, and a u8, a descriptor: 1,
 * 2, or 0 for the one it was read from. The secret begins with a byte that no UTF-8 text has, and the rest is random:
 * output can't hold a mark by chance or by a client's doing.
 */

export const SECRET_BYTES = 16;
export const MARK_BYTES = SECRET_BYTES + 5;

/** First byte of every secret; not part of any UTF-8 text (RFC 3629, section 1). */
export const SECRET_START = 0xff;

/**
 * A mark, text and a mark leave in one write of at most so many bytes, which what others write does not cut: a pipe keeps
 * together what fits into PIPE_BUF (POSIX: at least 512; Linux: 4096).
 */
export const MAX_MARKED_BYTES = 4096;

export type StreamName = 'stdout' | 'stderr';

/** By their descriptors. */
export const STREAM_NAMES: ReadonlyArray<StreamName | undefined> = [undefined, 'stdout', 'stderr'];

function mark(secret: Uint8Array, request: number, fd: number): Buffer {
  const bytes = Buffer.alloc(MARK_BYTES);
  bytes.set(secret);
  bytes.writeUInt32LE(request, SECRET_BYTES);
  bytes[SECRET_BYTES + 4] = fd;
  return bytes;
}

/**
 * What to write to stdout's descriptor for a piece of output, one write after the other.
 *
 * @param fd 1 or 2
 */
export function* marked(
  secret: Uint8Array,
  request: number,
  fd: number,
  bytes: Uint8Array,
): Generator<Uint8Array> {
  if (request === 0 && fd === 1) {
    yield bytes;
    return;
  }
  const begin = mark(secret, request, fd);
  const end = mark(secret, 0, 0);
  const room = MAX_MARKED_BYTES - 2 * MARK_BYTES;
  for (let at = 0; at < bytes.length; at += room) {
    yield Buffer.concat([begin, bytes.subarray(at, at + room), end]);
  }
}
