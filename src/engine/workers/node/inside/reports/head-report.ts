/** Reports how large the heads of requests may be for a server of the app, so that the front passes them on. */
import http from 'node:http';

/** What a head has beside what node counts: the request line's method and version, and empty lines. */
const UNCOUNTED_BYTES = 1024;

/** Node's default: it keeps 2,000 names and values. */
const DEFAULT_FIELDS = 1000;

export interface Heads {
  bytes: number;
  /** 0: any number. */
  fields: number;
}

/** Calls `report` with the server's limits now, and again when the app sets others, which it may do while it listens. */
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
 * The most bytes of a head that node takes. It counts targets, names and values up to `maxHeaderSize`, and not the colon,
 * space and line end of a field, so that a field whose name is one letter counts one byte and has five.
 */
function headBytes(server: http.Server): number {
  const { maxHeaderSize } = server as { maxHeaderSize?: number };
  // http.maxHeaderSize has the value of --max-http-header-size, in a thread as well.
  return 5 * (maxHeaderSize || http.maxHeaderSize) + UNCOUNTED_BYTES;
}
