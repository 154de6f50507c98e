/**
 * Marks in a worker's output show which request it belongs to. Output is bytes on a descriptor, as with every program,
 * so nothing is lost when the worker dies, and output of its children and of native code keeps its place. A _mark_
 * between the bytes names the request and the stream of the bytes after it. So stdout and stderr share one descriptor
 * and keep their order.
 *
 * A mark is the worker's secret (16 bytes), a u32 LE, the number of the request or 0 for none, and a u8, a descriptor:
 * 1, 2, or 0 for the one it was read from. The secret starts with a byte that UTF-8 text never has, and the rest is
 * random: neither chance nor a client can put a mark into the output.
 */

export const SECRET_BYTES = 16;
export const MARK_BYTES = SECRET_BYTES + 5;

/** First byte of every secret; not part of any UTF-8 text (RFC 3629, section 1). */
export const SECRET_START = 0xff;

/**
 * The most bytes of one write, which has a mark, text and a mark. Output of others never splits it: a pipe keeps writes
 * together that fit into PIPE_BUF (POSIX: at least 512; Linux: 4096).
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
 * The writes to stdout's descriptor for a piece of output, in order.
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
