/** What a server of the app is and asks for, as far as that decides at which address it is reached. */
import http from 'node:http';
import type net from 'node:net';
import tls from 'node:tls';
import type { AskedAddress, BoundAddress, ServerKind } from '../../../../wire/frames.ts';

type ListenArguments = Parameters<net.Server['listen']>;

/** What `net.Server` needs of a handle; `node:cluster` does the same in its children. */
export class ListenHandle {
  readonly #onClose: () => void;

  /** Missing where there is no port: `server.address()` then returns the path, as for a pipe, or null. */
  getsockname: ((out: Record<string, unknown>) => number) | undefined;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  /** The address is known, or is another one now. */
  boundTo(address: BoundAddress): void {
    this.getsockname =
      'path' in address
        ? undefined
        : (out) => {
            Object.assign(out, address);
            return 0;
          };
  }

  close(callback?: () => void): void {
    this.#onClose();
    if (callback) process.nextTick(callback);
  }

  ref(): void {}
  unref(): void {}
}

/**
 * See {@link ServerKind}. Node itself adds the listeners by which a server speaks HTTP or TLS, so these do not count.
 */
export function kindOf(server: net.Server): ServerKind {
  const handlers = [...server.listeners('request'), ...server.listeners('stream')];
  if (handlers.some((handler) => !refusesRequests(handler))) return 'requests';
  if (handlers.length > 0 || server.listenerCount('upgrade') > 0) return 'http';
  if (server instanceof http.Server) return 'nothing';
  const event = server instanceof tls.Server ? 'secureConnection' : 'connection';
  return server.listenerCount(event) > 0 ? 'bytes' : 'nothing';
}

/** A WebSocket server on a port of its own answers each request with 426, and its handler does nothing else. */
function refusesRequests(handler: object): boolean {
  const source = Function.prototype.toString.call(handler);
  return source.length < 500 && /\b426\b/.test(source);
}

/** `listen(port, host, backlog, cb)`, `listen(path)`, `listen(options)` and `listen(handle)`, as net documents them. */
export function parseListenArguments(args: unknown[]): { asked: AskedAddress; callback?: () => void } {
  const last = args.at(-1);
  const callback = typeof last === 'function' ? { callback: last as () => void } : {};
  const [first, second] = args as ListenArguments;
  return { asked: askedAddress(first, second), ...callback };
}

function askedAddress(first: unknown, second: unknown): AskedAddress {
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    const host = typeof second === 'string' ? { host: second } : {};
    return { port: Number(first), ...host };
  }
  if (typeof first === 'string') return { path: first };
  if (typeof first !== 'object' || first === null) return {};
  const { port, host, path, exclusive } = first as Record<string, unknown>;
  const alone = exclusive === true ? { exclusive } : {};
  if (port !== undefined || path === undefined) {
    return {
      ...(port === undefined || port === null ? {} : { port: Number(port) }),
      ...(typeof host === 'string' ? { host } : {}),
      ...alone,
    };
  }
  return typeof path === 'string' ? { path, ...alone } : {};
}
