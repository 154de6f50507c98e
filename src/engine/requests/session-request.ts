/**
 * How requests name a session that the app keeps in the memory of one worker: engine.io (socket.io), SockJS, and MCP over
 * HTTP in both its forms. Pure.
 */

export interface SessionRequest {
  /** For a person. */
  protocol: 'socket.io' | 'engine.io' | 'SockJS' | 'MCP';
  /** The session's name in its protocol; undefined if the answer is to give one. */
  id: string | undefined;
  /** The name may mean something else, so it counts only if a worker gave it. */
  onlyIfGiven: boolean;
}

const SOCKJS_TRANSPORTS: ReadonlySet<string> = new Set([
  'websocket',
  'xhr',
  'xhr_send',
  'xhr_streaming',
  'eventsource',
  'htmlfile',
  'jsonp',
  'jsonp_send',
]);
/** The start of `/prefix/<server>/<session>/<transport>`; neither of the two names has a dot. */
const SOCKJS_SESSION = /(?:^|\/)([^/.]+\/[^/.]+)\/$/;
const ENGINE_PATH = /\/(socket|engine)\.io(?:\/|\?)/;
const ENGINE_VERSION = /[?&]EIO=\d/;
const SID = /[?&]sid=([^&#]+)/;
/** In the path that the former transport of MCP gives to the client of an event stream. */
const ENDPOINT_ID = /[?&]session_?id=([^&#\s]+)/i;

/** A longer name is none that a server gives. */
const MAX_ID = 256;

/**
 * @param target request target as sent
 * @param mcpSession value of `Mcp-Session-Id`
 * @returns undefined for a request without such a session
 */
export function sessionOf(target: string, mcpSession: string | undefined): SessionRequest | undefined {
  if (mcpSession !== undefined) return named('MCP', mcpSession);
  const query = target.indexOf('?');
  const end = query < 0 ? target.length : query;
  const slash = target.lastIndexOf('/', end);
  if (SOCKJS_TRANSPORTS.has(target.slice(slash + 1, end))) {
    const session = SOCKJS_SESSION.exec(target.slice(0, slash + 1))?.[1];
    return session === undefined ? undefined : named('SockJS', session);
  }
  if (query < 0) return undefined;
  const engine = ENGINE_PATH.exec(target)?.[1];
  if (engine !== undefined || ENGINE_VERSION.test(target)) {
    const protocol = engine === 'engine' ? 'engine.io' : 'socket.io';
    const sid = SID.exec(target.slice(query))?.[1];
    if (sid !== undefined) return named(protocol, sid);
    // Who begins with a WebSocket stays in it, and so on its worker.
    const polls = !target.includes('transport=websocket', query);
    return polls ? { protocol, id: undefined, onlyIfGiven: false } : undefined;
  }
  const endpoint = endpointSession(target.slice(query));
  return endpoint === undefined ? undefined : { ...named('MCP', endpoint), onlyIfGiven: true };
}

/** The answer waits until the app has something to say, so nothing waits for it. */
export function isPoll(method: string, target: string, session: SessionRequest): boolean {
  if (session.id === undefined) return false;
  if (session.protocol === 'SockJS') return !target.includes('_send');
  return session.protocol !== 'MCP' && method === 'GET';
}

/** The session in the path that an event stream gave, or in a request to that path. */
export function endpointSession(path: string): string | undefined {
  return ENDPOINT_ID.exec(path)?.[1];
}

function named(protocol: SessionRequest['protocol'], id: string): SessionRequest {
  return { protocol, id: id.slice(0, MAX_ID), onlyIfGiven: false };
}
