/**
 * `listen()` in a worker: the app's server opens no socket but gets the connections that the front accepted. No worker
 * ever holds a public port, so no worker can block one (docs/architecture.md, invariants).
 */
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import type { AskedAddress, BoundAddress, ToWorker } from '../../../../wire/frames.ts';
import { reportHeads } from './reports/head-report.ts';
import { runInRequest } from './reports/request-context.ts';
import type { VirtualSocket } from './virtual-socket.ts';
import type { WorkerLink } from './worker-link.ts';

type ListenArguments = Parameters<net.Server['listen']>;

interface Pending {
  server: net.Server;
  raw: boolean;
}

/** The parts of a handle that `net.Server` needs; `node:cluster` does the same in its children. */
class ListenHandle {
  readonly #onClose: () => void;

  /** Missing if the server listens on a path: `server.address()` then returns the path, as for a pipe. */
  readonly getsockname: ((out: Record<string, unknown>) => number) | undefined;

  constructor(address: BoundAddress, onClose: () => void) {
    this.#onClose = onClose;
    if ('path' in address) return;
    this.getsockname = (out) => {
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

interface ServerWithHandle {
  _handle: ListenHandle | null;
  _pipeName?: string;
}

export class ListenShim {
  #link: WorkerLink;
  #pending = new Map<number, Pending>();
  #next = 0;
  /** The server to serve if the app does not listen itself. */
  #listen: (server: net.Server, asked: AskedAddress) => void;

  constructor(link: WorkerLink) {
    this.#link = link;
    this.#listen = (server, asked) => this.#ask(server, asked);
  }

  /** Called just before the server is asked for its address; requests may come after that. */
  beforeListen: () => void = () => {};

  /** True once the app, or {@link serve}, has called `listen`. */
  get used(): boolean {
    return this.#next > 0;
  }

  install(): void {
    const listen = this.#listen;
    net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
      const { asked, callback } = parseListenArguments(args);
      if (callback) this.once('listening', callback);
      listen(this, asked);
      return this;
    } as net.Server['listen'];
  }

  /** Serves a server that the app made but did not start. */
  serve(server: net.Server): void {
    this.#ask(server, {});
  }

  onControl(message: ToWorker): void {
    if (message.type === 'listening') this.#listening(message.index, message.address);
    if (message.type === 'listenFailed') this.#failed(message.index, message.code, message.message);
  }

  #ask(server: net.Server, asked: AskedAddress): void {
    if (server.listening) {
      throw Object.assign(new Error('Listen method has been called more than once without closing.'), {
        code: 'ERR_SERVER_ALREADY_LISTEN',
      });
    }
    const index = this.#next++;
    const raw = !(server instanceof http.Server);
    this.#pending.set(index, { server, raw });
    // A listening server keeps its process alive. The wire does the same here.
    this.#link.wire.ref();
    if (server instanceof http.Server) {
      reportHeads(server, (heads) => this.#link.control({ type: 'heads', index, ...heads }));
    }
    this.beforeListen();
    this.#link.control({ type: 'listen', index, asked, raw, tls: server instanceof tls.Server });
  }

  #listening(index: number, address: BoundAddress): void {
    const pending = this.#pending.get(index);
    if (pending === undefined) return;
    this.#pending.delete(index);
    const { server, raw } = pending;
    const withHandle = server as unknown as ServerWithHandle;
    withHandle._handle = new ListenHandle(address, () => {
      this.#link.removeServer(index);
      this.#link.control({ type: 'unlisten', index });
      if (!this.#link.hasServers) this.#link.wire.unref();
    });
    if ('path' in address) withHandle._pipeName = address.path;
    if (!raw) attributeRequests(server);
    this.#link.addServer(index, server);
    server.emit('listening');
  }

  #failed(index: number, code: string, message: string): void {
    const pending = this.#pending.get(index);
    this.#pending.delete(index);
    pending?.server.emit('error', Object.assign(new Error(message), { code, syscall: 'listen' }));
  }
}

/** Runs the app's handlers in the context of their request, so that its output can be attributed to it. */
function attributeRequests(server: net.Server): void {
  const emit = server.emit;
  server.emit = function (this: net.Server, event: string, ...args: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade' || event === 'checkContinue') {
      const socket = (args[0] as http.IncomingMessage).socket as VirtualSocket;
      return runInRequest(socket.requestId, () => Reflect.apply(emit, this, [event, ...args]) as boolean);
    }
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  } as net.Server['emit'];
}

/**
 * The arguments as net documents them: `listen(port, host, backlog, cb)`, `listen(path)`, `listen(options)` and
 * `listen(handle)`.
 */
function parseListenArguments(args: unknown[]): { asked: AskedAddress; callback?: () => void } {
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
  if (typeof first === 'object' && first !== null) {
    const { port, host, path } = first as { port?: unknown; host?: unknown; path?: unknown };
    if (port !== undefined || path === undefined) {
      return {
        ...(port === undefined || port === null ? {} : { port: Number(port) }),
        ...(typeof host === 'string' ? { host } : {}),
      };
    }
    if (typeof path === 'string') return { path };
  }
  return {};
}
