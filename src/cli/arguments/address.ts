/** The address argument: `9000`, `:9000`, `0.0.0.0:9000`, `[::1]:9000`, `localhost`. */
import { isIP } from 'node:net';

/** The parts of an address as written. Their range is checked with the other settings. */
export interface WrittenAddress {
  addr?: string;
  port?: number;
}

/** Parses an address. Undefined if the text is the name of a file. */
export function parseAddress(text: string): WrittenAddress | undefined {
  if (/^\d+$/.test(text)) return { port: Number(text) };
  if (text === 'localhost' || isIP(text) !== 0) return { addr: text };
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  if (bracketed !== null) return address(bracketed[1]!, bracketed[2]);
  // A drive letter is not a host: `C:\app.js` has no digits after its colon. `a/b:3` is a path.
  const named = /^([^:/\\]*):(\d+)$/.exec(text);
  return named === null ? undefined : address(named[1]!, named[2]);
}

function address(addr: string, port: string | undefined): WrittenAddress {
  return { ...(addr === '' ? {} : { addr }), ...(port === undefined ? {} : { port: Number(port) }) };
}
