/** Live reload in a page: a path of the server, and a script that waits there for new code. */

/** No app uses this path. After a `?` the page names its build. */
export const RELOAD_EVENTS_PATH = '/.concurrent-server/reload';

export function isReloadEvents({ method, target }: { method: string; target: string }): boolean {
  return (
    target.startsWith(RELOAD_EVENTS_PATH) &&
    method === 'GET' &&
    /^(?:\?|$)/.test(target.slice(RELOAD_EVENTS_PATH.length))
  );
}

/** @param build name of the page's code, in characters that are safe everywhere */
export function reloadScript(build: string): string {
  return `new EventSource("${RELOAD_EVENTS_PATH}?${build}").onmessage=()=>location.reload()`;
}

/** Fields that forbid adding a script: the body is encoded, partial or signed, or scripts are restricted. */
const UNSAFE =
  /\r\n(?:content-encoding|content-range|content-digest|repr-digest|digest|content-md5|content-security-policy):/i;
const LENGTH = /(\r\ncontent-length:[ \t]*)(\d+)/i;

/**
 * The head of an HTML answer, with room for `extra` more bytes of body; undefined if nothing may be added.
 * @param head a whole response head with a Content-Length
 */
export function widenHead(head: string, extra: number): string | undefined {
  if (UNSAFE.test(head)) return undefined;
  return head.replace(LENGTH, (_, name: string, length: string) => `${name}${Number(length) + extra}`);
}
