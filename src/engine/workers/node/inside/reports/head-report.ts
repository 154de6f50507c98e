/** Reports how large the heads of requests to a server of the app may be, so that the front accepts them. */
import http from 'node:http';

/** Bytes of a head that Node does not count: method and version in the request line, and empty lines. */
const UNCOUNTED_BYTES = 1024;

/** Node's default: it keeps 2,000 names and values. */
const DEFAULT_FIELDS = 1000;

export interface Heads {
  bytes: number;
  /** 0: any number. */
  fields: number;
}

/** Calls `report` with the server's limits now, and again when the app changes them, even while it listens. */
export function reportHeads(server: http.Server, report: (heads: Heads) => void): void {
  let count = server.maxHeadersCount;
  const tell = (): void => report({ bytes: headBytes(server), fields: count ?? DEFAULT_FIELDS });
  Object.defineProperty(server, 'maxHeadersCount', {
    configurable: true,
    enumerable: true,
    get: () => count,
    set: (value: typeof count) => {
      count = value;
      tell();
    },
  });
  tell();
}

/**
 * The most bytes of a head that Node accepts. Node counts targets, names and values up to `maxHeaderSize`, but not a
 * field's colon, space and line end: a field with a name of one letter counts one byte and has five.
 */
function headBytes(server: http.Server): number {
  const { maxHeaderSize } = server as { maxHeaderSize?: number };
  // http.maxHeaderSize has the value of --max-http-header-size, in a thread as well.
  return 5 * (maxHeaderSize || http.maxHeaderSize) + UNCOUNTED_BYTES;
}
