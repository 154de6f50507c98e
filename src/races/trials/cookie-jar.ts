/** The cookies of one client, as RFC 6265 stores and sends them; all requests go to one host, over HTTP. */

interface Cookie {
  name: string;
  value: string;
  path: string;
}

export class CookieJar {
  #cookies: Cookie[] = [];

  /**
   * @param path of the request that was answered, without its query
   * @param setCookies values of `Set-Cookie`
   */
  store(path: string, setCookies: readonly string[]): void {
    for (const text of setCookies) {
      const [pair = '', ...attributes] = text.split(';');
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const name = pair.slice(0, equals).trim();
      const value = pair.slice(equals + 1).trim();
      const given = new Map(attributes.map(attribute));
      const asked = given.get('path');
      const cookie = { name, value, path: asked?.startsWith('/') ? asked : defaultPath(path) };
      this.#cookies = this.#cookies.filter((other) => other.name !== name || other.path !== cookie.path);
      if (!isOver(given)) this.#cookies.push(cookie);
    }
  }

  /** Value of the `Cookie` header (RFC 6265, 5.4); undefined if there are none. */
  headerFor(path: string): string | undefined {
    const sent = this.#cookies.filter((cookie) => matches(path, cookie.path));
    if (sent.length === 0) return undefined;
    const longestFirst = [...sent].sort(byPath);
    return longestFirst.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function byPath(a: Cookie, b: Cookie): number {
  return b.path.length - a.path.length;
}

function attribute(text: string): [string, string] {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  return [name.trim().toLowerCase(), equals < 0 ? '' : text.slice(equals + 1).trim()];
}

/** RFC 6265, 5.1.4. */
function defaultPath(path: string): string {
  const last = path.lastIndexOf('/');
  return last <= 0 ? '/' : path.slice(0, last);
}

function matches(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}

/** The server deletes the cookie (RFC 6265, 5.2.1 and 5.2.2). */
function isOver(attributes: ReadonlyMap<string, string>): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = attributes.get('expires');
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return at <= Date.now();
}
