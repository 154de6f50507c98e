/** The host that a request addresses: the forms of a request target (RFC 9112 section 3.2) and the host in them. */
import { isIPv6 } from 'node:net';

/** 1 for the characters of a reg-name or IPv4 address, except `%` (RFC 3986 section 3.2.2). */
const REG_NAME = new Uint8Array(128).map((_, code) =>
  /[A-Za-z0-9\-._~!$&'()*+,;=]/.test(String.fromCharCode(code)) ? 1 : 0,
);

const SCHEME = /^https?:\/\//i;
const PERCENT_ENCODED = /^%[0-9A-Fa-f]{2}/;

/**
 * The authority in a target; undefined if the form has none (`/path`, and `*` for OPTIONS), false if the form does not
 * fit the method. Userinfo is refused (RFC 9110 section 4.2.4).
 */
export function authorityOf(method: string, target: string): string | undefined | false {
  if (method === 'CONNECT') return isAuthority(target) && /:\d+$/.test(target) ? target : false;
  if (target.startsWith('/')) return undefined;
  if (target === '*') return method === 'OPTIONS' ? undefined : false;
  const scheme = SCHEME.exec(target);
  if (scheme === null) return false;
  const rest = target.slice(scheme[0].length);
  const end = rest.search(/[/?]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  return isAuthority(authority) && authority;
}

/**
 * Whether `text` is `uri-host [ ":" port ]` with a host that is not empty; IPvFuture and zone ids are not supported.
 */
export function isAuthority(text: string): boolean {
  let at = 0;
  if (text.charCodeAt(0) === 0x5b) {
    const close = text.indexOf(']');
    const address = text.slice(1, close);
    if (close < 0 || !isIPv6(address) || address.includes('%')) return false;
    at = close + 1;
  } else {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (REG_NAME[code] === 1) continue;
      if (code !== 0x25 || !PERCENT_ENCODED.test(text.slice(at, at + 3))) break;
      at += 2;
    }
    if (at === 0) return false;
  }
  return at === text.length || isPort(text, at);
}

/** A colon and a port that may be empty (RFC 3986 section 3.2.3). */
function isPort(text: string, colon: number): boolean {
  if (text.charCodeAt(colon) !== 0x3a) return false;
  let port = 0;
  for (let at = colon + 1; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
    if (port > 65_535) return false;
  }
  return true;
}
