/** Decides where a request goes: only ever to the server under test. */
import { isIP } from 'node:net';

/** Why a target is refused; both parts as in {@link Problem}. */
export interface Refusal {
  what: string;
  allowed: string;
}

const ALLOWED = 'Write a path (/cart), or a URL of this machine (http://localhost:3000/cart).';
const ORIGIN = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#\\]*)/i;
const BARE_HOST = /^(?<authority>[\w.-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?)(?=[/?#]|$)/i;

/**
 * The path that is sent, with its query. A target is a path, `*`, or a URL whose host is this machine; its port does
 * not matter, and `http` and `https` are the same, because the server under test has an address of its own. As in
 * JetBrains' client, `http://` may be left out.
 */
export function readTarget(target: string): { path: string } | Refusal {
  const text = target.trim();
  if (text === '*' || text.startsWith('/')) return { path: encoded(text) };
  if (text === '') return { what: 'The request has no target', allowed: ALLOWED };
  const refused = refuseOrigin(text);
  if (refused !== undefined) return refused;
  const rest = text.slice((ORIGIN.exec(text) ?? BARE_HOST.exec(text))![0].length);
  return { path: encoded(rest.startsWith('/') ? rest : `/${rest.replace(/^\\/, '')}`) };
}

/** Checks what stands before the path. Undefined if there is nothing to refuse. */
export function refuseOrigin(text: string): Refusal | undefined {
  if (text === '*' || text.startsWith('/')) return undefined;
  const { scheme, authority } = ORIGIN.exec(text)?.groups ?? {};
  if (scheme === undefined) {
    const host = BARE_HOST.exec(text)?.groups?.authority;
    if (host !== undefined && isLoopback(host)) return undefined;
    if (host?.includes('.') || host?.includes(':')) return elsewhere(host);
    return { what: `"${text}" is neither a path nor a URL`, allowed: ALLOWED };
  }
  if (/^wss?$/i.test(scheme)) return { what: WEBSOCKET, allowed: 'Remove this request.' };
  if (!/^https?$/i.test(scheme)) return { what: `Requests can't use ${scheme}://`, allowed: ALLOWED };
  if (authority!.includes('@')) {
    return {
      what: 'The URL contains a user name',
      allowed: 'Write it as a header: Authorization: Basic user:password.',
    };
  }
  return isLoopback(authority!) ? undefined : elsewhere(authority!);
}

export const WEBSOCKET = "WebSockets can't be part of a scenario";

function elsewhere(host: string): Refusal {
  const what = host === '' ? 'The URL names no host' : `${host} is another host, and nothing is sent there`;
  return { what, allowed: ALLOWED };
}

/** Whether `host`, which may have a port, is this machine. 0.0.0.0 and [::] are: servers print them as their address. */
export function isLoopback(host: string): boolean {
  let name: string;
  try {
    // It also reads the unusual forms of an address, such as 127.1.
    name = new URL(`http://${host}/`).hostname;
  } catch {
    return false;
  }
  if (isIP(name) === 4) return name.startsWith('127.') || name === '0.0.0.0';
  return /^(?:.+\.)?localhost$|^\[::1?\]$|^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(name);
}

/** Without its fragment, which no client sends; what can't stand in a request line is percent-encoded. */
function encoded(path: string): string {
  return percentEncoded(path.replace(/#.*$/s, ''));
}

/** Encodes blanks, control characters, and what is not ASCII. What is encoded already stays as it is. */
export function percentEncoded(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
