/**
 * `listen()` in a worker: the app's server opens no socket but gets the connections that the front accepted. No worker
 * ever holds a public port, so no worker can block one (docs/architecture.md, invariants).
 */
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import type { AskedAddress, BoundAddress, FromWorker, ToWorker } from '../../../../wire/frames.ts';
import { kindOf, ListenHandle, parseListenArguments } from './listening.ts';
import { countPatience } from './patience.ts';
import { reportHeads } from './reports/head-report.ts';
import { runInRequest } from './reports/request-context.ts';
import type { VirtualSocket } from './virtual-socket.ts';
import type { WorkerLink } from './worker-link.ts';

interface OpenServer {
  server: net.Server;
  asked: AskedAddress;
  handle: ListenHandle;
  /** Once it listens. */
  address: BoundAddress | undefined;
}

interface ServerWithHandle {
  _handle: ListenHandle | null;
  _pipeName?: string;
}

/** What the shim asks of the rest of the worker. */
export interface ListenFacts {
  /** The app's source reads PORT. */
  readsPort(): boolean;
  /** See {@link countPatience}. */
  isQuiet(): boolean;
}

export class ListenShim {
  #link: WorkerLink;
  #facts: ListenFacts;
  /** By the number of the call of `listen`, from 0. */
  #open = new Map<number, OpenServer>();
  #next = 0;
  #port = process.env.PORT;
  #attributed = new WeakSet<net.Server>();

  constructor(link: WorkerLink, facts: ListenFacts) {
    this.#link = link;
    this.#facts = facts;
  }

  /** Called just before the server is asked for its address; requests may come after that. */
  beforeListen: () => void = () => {};

  /** True once the app, or {@link serve}, has called `listen`. */
  get used(): boolean {
    return this.#next > 0;
  }

  /** Where the server is that asked for this port; undefined if it is there, or there is none. */
  addressOf(port: number): BoundAddress | undefined {
    for (const { asked, address } of this.#open.values()) {
      if (asked.port !== port || address === undefined) continue;
      return 'port' in address && address.port === port ? undefined : address;
    }
    return undefined;
  }

  /** The port that PORT names is free for the app: in this worker nothing listens there yet. */
  isWaiting(port: number): boolean {
    if (port !== Number(this.#port)) return false;
    return ![...this.#open.values()].some(
      ({ address }) => address !== undefined && 'port' in address && address.port === port,
    );
  }

  install(): void {
    const ask = (server: net.Server, asked: AskedAddress): void => this.#ask(server, asked);
    net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
      const { asked, callback } = parseListenArguments(args);
      if (callback) this.once('listening', callback);
      ask(this, asked);
      return this;
    } as net.Server['listen'];
  }

  /** Serves a server the app made but did not start: it is the app. */
  serve(server: net.Server): void {
    this.#ask(server, {}, true);
  }

  onControl(message: ToWorker): void {
    if (message.type === 'listening') this.#listening(message.index, message.address);
    if (message.type === 'serves') this.#serves(message.index, message.server);
    if (message.type === 'listenFailed') this.#failed(message.index, message.code, message.message);
  }

  #ask(server: net.Server, asked: AskedAddress, isApp = false): void {
    if (server.listening) {
      throw Object.assign(new Error('Listen method has been called more than once without closing.'), {
        code: 'ERR_SERVER_ALREADY_LISTEN',
      });
    }
    const index = this.#next++;
    const handle = new ListenHandle(() => this.#closed(index));
    const open = { server, asked, handle, address: undefined };
    this.#open.set(index, open);
    // As under Node, it counts as listening from now on, has an address and can be closed.
    handle.boundTo(provisionalAddress(asked));
    (server as unknown as ServerWithHandle)._handle = handle;
    // A listening server keeps its process alive; so does ours, through the wire.
    this.#link.wire.ref();
    // Who writes `createServer().listen(PORT).on('request', app)` says only then what the server does.
    if (kindOf(server) === 'requests') this.#send(index, open, isApp);
    else process.nextTick(() => this.#send(index, open, isApp));
    if (index === 0) {
      countPatience(this.#facts.isQuiet, (patience) => this.#link.control({ type: 'waited', patience }));
    }
  }

  #send(index: number, open: OpenServer, isApp: boolean): void {
    if (this.#open.get(index) !== open) return;
    const { server, asked } = open;
    if (server instanceof http.Server) {
      reportHeads(server, (heads) => this.#link.control({ type: 'heads', index, ...heads }));
    }
    this.beforeListen();
    const forPort = isApp || this.#isForPort(asked);
    const message: FromWorker = {
      ...{ type: 'listen', index, asked, kind: kindOf(server), forPort },
      raw: !(server instanceof http.Server),
      tls: server instanceof tls.Server,
      expectsPort: !forPort && this.#facts.readsPort(),
    };
    this.#link.control(message);
  }

  /** The app may have set PORT itself, from a file of its own. */
  #isForPort({ port }: AskedAddress): boolean {
    if (port === undefined || port === 0) return false;
    return port === Number(this.#port) || port === Number(process.env.PORT);
  }

  #listening(index: number, address: BoundAddress): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    open.handle.boundTo(address);
    if ('path' in address) (open.server as unknown as ServerWithHandle)._pipeName = address.path;
    const isFirst = open.address === undefined;
    open.address = address;
    if (isFirst) open.server.emit('listening');
  }

  #serves(index: number, address: number): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    const { server } = open;
    if (server instanceof http.Server && !this.#attributed.has(server)) {
      this.#attributed.add(server);
      attributeRequests(server);
    }
    this.#link.serve(address, server);
  }

  #failed(index: number, code: string, message: string): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    this.#forget(index, open);
    (open.server as unknown as ServerWithHandle)._handle = null;
    open.server.emit('error', Object.assign(new Error(message), { code, syscall: 'listen', ...open.asked }));
  }

  #closed(index: number): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    this.#forget(index, open);
    this.#link.control({ type: 'unlisten', index });
  }

  #forget(index: number, { server }: OpenServer): void {
    this.#open.delete(index);
    this.#link.removeServer(server);
    if (this.#open.size === 0) this.#link.wire.unref();
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

/** What the app finds right after its call: what it asked for. The server has not answered yet. */
function provisionalAddress({ host = process.env.HOST ?? '::', port = 0, path }: AskedAddress): BoundAddress {
  return path === undefined ? { address: host, family: net.isIPv4(host) ? 'IPv4' : 'IPv6', port } : { path };
}
