/** Cookies in the headers of requests and answers (RFC 6265), as far as their names and values matter. Pure. */

export interface Cookie {
  name: string;
  /** Empty if it is deleted. */
  value: string;
}

/** An expiry in the past deletes a cookie. */
const EXPIRED = /;\s*(?:max-age=(?:0+|-\d+)\s*(?:;|$)|expires=[^;]*\b19[67]\d\b)/i;

/** @param header value of Cookie */
export function sentCookies(header: string): Cookie[] {
  const cookies: Cookie[] = [];
  for (const part of header.split(';')) {
    const cookie = pair(part);
    if (cookie !== undefined) cookies.push(cookie);
  }
  return cookies;
}

/** @param header value of one Set-Cookie */
export function setCookie(header: string): Cookie | undefined {
  const end = header.indexOf(';');
  const cookie = pair(end < 0 ? header : header.slice(0, end));
  const isDeleted = end >= 0 && EXPIRED.test(header.slice(end));
  return cookie !== undefined && isDeleted ? { ...cookie, value: '' } : cookie;
}

/** A number of 53 bits for a cookie, so that no value is kept (cyrb53). */
export function cookieHash({ name, value }: Cookie): number {
  const text = `${name}=${value}`;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

function pair(text: string): Cookie | undefined {
  const equals = text.indexOf('=');
  if (equals < 0) return undefined;
  const name = text.slice(0, equals).trim();
  return name === '' ? undefined : { name, value: text.slice(equals + 1).trim() };
}
