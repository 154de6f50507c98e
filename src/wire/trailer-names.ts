/** Fields that are not allowed after a body. */

/**
 * They frame, route, authenticate or describe the message. A parser that merges trailers into the head would read a
 * different message (RFC 9110 section 6.5.1).
 */
export const FORBIDDEN_TRAILERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'max-forwards',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const LONGEST_FORBIDDEN_TRAILER = Math.max(...[...FORBIDDEN_TRAILERS].map((name) => name.length));
