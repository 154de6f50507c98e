/** The words of a request line that come from a fixed set: its method and its version (RFC 9112 section 3). */
import { METHODS } from 'node:http';
import { latin1 } from './tokens.ts';

const HTTP_1 = Buffer.from('HTTP/1.');
const METHOD_NAMES: ReadonlyMap<string, string> = new Map(METHODS.map((method) => [method, method]));

/** The method in `bytes[start, end)`; undefined if node does not know it. */
export function methodName(bytes: Uint8Array, start: number, end: number): string | undefined {
  // The most common method needs no string and no look-up.
  const isGet =
    end - start === 3 && bytes[start] === 0x47 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54;
  if (isGet) return 'GET';
  return METHOD_NAMES.get(latin1(bytes, start, end));
}

/** The minor version of `HTTP/1.x` at `at`; -1 for everything else. */
export function httpMinor(bytes: Uint8Array, at: number, end: number): 0 | 1 | -1 {
  if (at + 8 > end) return -1;
  for (let i = 0; i < 7; i++) if (bytes[at + i] !== HTTP_1[i]) return -1;
  const minor = bytes[at + 7]! - 0x30;
  return minor === 1 ? 1 : minor === 0 ? 0 : -1;
}
