/**
 * The servers that the app has open in one worker: which of them is the app, and at which addresses they are reached.
 * The decision is in app-choice.ts.
 */
import type { AskedAddress, BoundAddress, FromWorker, Patience, ServerKind } from '../../wire/frames.ts';
import type { Listener } from '../http/listen/listener.ts';
import type { AskedServer, Listeners } from '../http/listen/listeners.ts';
import type { HeadLimits } from '../http/parser/head-limits.ts';
import type { Upstream } from '../scheduling/upstream.ts';
import { type Asking, chooseApp, keyOf } from './app-choice.ts';
import type { KnownApp } from './known-app.ts';

/** An address, as far as the servers of a worker need it. */
type Address = Pick<Listener, 'server' | 'bound' | 'setKind' | 'allowHeads'>;

/** The public addresses. */
export interface Addresses {
  /** The app's. */
  readonly first: Address;
  /** See {@link Listeners.bind}. */
  bind(server: AskedServer, user: object): Promise<Address>;
  /** See {@link Listeners.release}. */
  release(key: string, user: object): void;
  /** See {@link Listeners.left}. */
  left(key: string, user: object): void;
}

interface WorkerServerEvents {
  /** The worker accepts requests for one more address. */
  accepts(upstream: Upstream): void;
  /** The app is on a unix path of its own. */
  bound(address: BoundAddress): void;
}

interface Server extends Omit<Asking, 'beside'> {
  asked: AskedAddress;
  raw: boolean;
  tls: boolean;
  /** Its own address, once that is bound. */
  own: Address | undefined;
  /** Its own address is being bound, or was. */
  asking: boolean;
  /** Why that can't be bound. It waits: the app's address may become its own. */
  failure: NodeJS.ErrnoException | undefined;
}

const FOR_PORT = 'PORT';

export class WorkerServers {
  #upstream: Upstream;
  #generation: number;
  #addresses: Addresses;
  #known: KnownApp;
  #events: WorkerServerEvents;
  #servers = new Map<number, Server>();
  #heads = new Map<number, HeadLimits>();
  #chosen: number | undefined;
  /** Open while another one was the app. */
  #beside: ReadonlySet<number> = new Set();
  #expectsPort = false;
  #patience: Patience = 0;
  /** Ports that the system chose for the app. Asked for again, they are still ports by chance. */
  #byChance = new Set<number>();

  constructor(
    upstream: Upstream,
    generation: number,
    { addresses, known, events }: { addresses: Addresses; known: KnownApp; events: WorkerServerEvents },
  ) {
    this.#upstream = upstream;
    this.#generation = generation;
    this.#addresses = addresses;
    this.#known = known;
    this.#events = events;
  }

  /** The app called `listen`. */
  asked(message: Extract<FromWorker, { type: 'listen' }>): void {
    const { index, asked, raw, tls, forPort = false, expectsPort = false } = message;
    const kind: ServerKind = message.kind ?? (raw ? 'bytes' : 'requests');
    const key = forPort ? FOR_PORT : this.#keyOf(asked);
    const server: Server = { index, key, forPort, kind, asked, raw, tls, ...NEW };
    if (expectsPort) this.#expectsPort = true;
    const same = [...this.#servers.values()].find((other) => other.key === key);
    // On two hosts it may ask for PORT twice, as for `localhost`: one of the servers gets what comes to both.
    if (same !== undefined && (!forPort || same.asked.host === asked.host)) {
      this.#refuse(index, inUse(asked));
      return;
    }
    this.#servers.set(index, server);
    // Whether it turns out to be the app or a probe, it finds the app's port free.
    if (forPort) this.#tell(server, this.#publicAddress(server));
    this.#choose();
    if (!forPort && this.#chosen !== index) void this.#bindOwn(server);
  }

  /** How much of a head a server takes; said before it asks for an address, and whenever it changes. */
  heads(index: number, limits: HeadLimits): void {
    this.#heads.set(index, limits);
    const server = this.#servers.get(index);
    if (index === this.#chosen) this.#addresses.first.allowHeads(limits);
    server?.own?.allowHeads(limits);
  }

  /** The app has closed a server. */
  closed(index: number): void {
    const server = this.#servers.get(index);
    if (server === undefined) return;
    this.#servers.delete(index);
    this.#heads.delete(index);
    this.#giveBack(server);
    if (index !== this.#chosen) return;
    this.#chosen = undefined;
    this.#upstream.unaccept(0);
    // Others are no substitute for the app because it closes its server for a while.
    this.#beside = new Set(this.#servers.keys());
    this.#patience = 2;
    this.#choose();
  }

  waited(patience: Patience): void {
    if (patience <= this.#patience) return;
    this.#patience = patience;
    this.#choose();
  }

  /** The worker has exited. */
  left(): void {
    for (const { key, asking } of this.#servers.values()) if (asking) this.#addresses.left(key, this);
  }

  #keyOf(asked: AskedAddress): string {
    const { port, host, path } = asked;
    const known = { port: port !== undefined && this.#byChance.has(port) ? 0 : port, host, path };
    const taken = new Set([...this.#servers.values()].map(({ key }) => key));
    let turn = 0;
    while (taken.has(keyOf({}, turn))) turn += 1;
    return keyOf(known, turn);
  }

  #choose(): void {
    const situation = {
      known: this.#known.key,
      expectsPort: this.#expectsPort,
      patience: this.#patience,
    };
    const before = this.#chosen;
    const servers = [...this.#servers.values()];
    const chosen = chooseApp(
      servers.map((server) => ({ ...server, beside: this.#beside.has(server.index) })),
      before,
      situation,
    );
    if (chosen === before || chosen === undefined) return;
    this.#chosen = chosen;
    const displaced = before === undefined ? undefined : this.#servers.get(before);
    this.#serveAtFirst(this.#servers.get(chosen)!);
    if (displaced !== undefined && !displaced.asking && !displaced.forPort) void this.#bindOwn(displaced);
    for (const server of this.#servers.values()) {
      if (server.index !== chosen && server.failure !== undefined) this.#fail(server);
    }
  }

  /** The app has the public address, and no other: the one that it had until now goes back. */
  #serveAtFirst(server: Server): void {
    const { raw, tls } = server;
    const { first } = this.#addresses;
    this.#known.chosen(server, this.#generation);
    first.setKind(raw, tls);
    this.#tell(server, this.#publicAddress(server));
    this.#accept(server, first);
    this.#giveBack(server);
  }

  async #bindOwn(server: Server): Promise<void> {
    server.asking = true;
    try {
      const own = await this.#addresses.bind(server, this);
      if (!server.asking || this.#upstream.state === 'closed') return;
      server.own = own;
      const address = own.bound;
      this.#events.bound(address);
      if ('port' in address && !server.asked.port) this.#byChance.add(address.port);
      this.#tell(server, address);
      this.#accept(server, own);
    } catch (error) {
      if (!server.asking) return;
      server.asking = false;
      server.failure = error as NodeJS.ErrnoException;
      const mayWait =
        this.#chosen === undefined && server.kind !== 'nothing' && !this.#beside.has(server.index);
      if (!mayWait) this.#fail(server);
    }
  }

  #giveBack(server: Server): void {
    if (server.own !== undefined) this.#upstream.unaccept(server.own.server);
    if (server.asking) this.#addresses.release(server.key, this);
    server.own = undefined;
    server.asking = false;
  }

  #accept(server: Server, { server: number }: Address): void {
    const heads = this.#heads.get(server.index);
    const listener = number === 0 ? this.#addresses.first : server.own;
    if (heads !== undefined) listener?.allowHeads(heads);
    this.#upstream.send({ type: 'serves', index: server.index, server: number });
    this.#upstream.accept(number);
    this.#events.accepts(this.#upstream);
  }

  #tell(server: Server, address: BoundAddress): void {
    if (this.#upstream.state !== 'closed') {
      this.#upstream.send({ type: 'listening', index: server.index, address });
    }
  }

  #fail(server: Server): void {
    this.#servers.delete(server.index);
    if (server.failure !== undefined) this.#refuse(server.index, server.failure);
  }

  #refuse(index: number, { code = 'EINVAL', message }: NodeJS.ErrnoException): void {
    if (this.#upstream.state === 'closed') return;
    this.#upstream.send({ type: 'listenFailed', index, code, message });
  }

  /** A path that the app's own server asked for is not ours to bind. */
  #publicAddress({ asked }: Server): BoundAddress {
    return asked.path === undefined ? this.#addresses.first.bound : { path: asked.path };
  }
}

const NEW = { own: undefined, asking: false, failure: undefined } as const;

function inUse({ host = '::', port = 0, path }: AskedAddress): NodeJS.ErrnoException {
  const message = `listen EADDRINUSE: address already in use ${path ?? `${host}:${port}`}`;
  return Object.assign(new Error(message), { code: 'EADDRINUSE' });
}
