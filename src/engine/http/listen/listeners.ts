/** The public addresses: the server's own, and one for each additional server of the app. */
import type { AskedAddress, ServerKind } from '../../../wire/frames.ts';
import type { FrontHandler } from '../connection/types.ts';
import { type Connections, Listener } from './listener.ts';

interface OwnAddress {
  /** The host for {@link Listeners.bindFirst}, and for an app that names no host. */
  addr: string;
  /** The user set no address, so that the default stands for `localhost`. */
  both: boolean;
}

/** A server of the app that gets an address of its own. */
export interface AskedServer {
  /** The same for the server in every worker; see supervision/app-choice.ts. */
  key: string;
  asked: AskedAddress;
  raw: boolean;
  tls: boolean;
  kind: ServerKind;
}

const IPV4 = '127.0.0.1';
const IPV6 = '::1';
/** The errors of a machine that has no such address. */
const ABSENT: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);
/** How many ports to try until one is free on both addresses. */
const ATTEMPTS = 5;
/** A new address without HTTP is reported after this time, in ms. By then a probe for a free port has closed it. */
const TELL_MS = 1000;

/** The address of an additional server, the same in all workers. */
class Shared {
  readonly listener: Promise<Listener>;
  /** One for each worker that uses it. */
  readonly users = new Set<object>();
  #bound: Listener | undefined;

  constructor(listener: Promise<Listener>) {
    this.listener = listener.then((bound) => {
      this.#bound = bound;
      return bound;
    });
  }

  /** Nobody uses it any more: the port is free, at once if it was bound. */
  retire(retire: (listener: Listener) => void): void {
    if (this.#bound !== undefined) retire(this.#bound);
    else this.listener.then(retire, () => {});
  }
}

export class Listeners {
  #both: boolean;
  #handler: FrontHandler;
  #addr: string;
  #first: Listener | undefined;
  #shared = new Map<string, Shared>();
  #all = new Map<number, Listener>();
  /** Those that had open connections when the app closed its server. */
  #retired = new Set<Listener>();
  #alone = new Set<number>();
  #last = 0;
  #connections: Connections = new Set();
  #onNew: (listener: Listener) => void;

  /** @param onNew gets each additional address that was bound */
  constructor({ addr, both }: OwnAddress, handler: FrontHandler, onNew: (listener: Listener) => void) {
    this.#addr = addr;
    this.#both = both;
    this.#handler = handler;
    this.#onNew = onNew;
  }

  /** Binds the configured address. The app gets it, whatever address it asks for. Its number is 0. */
  async bindFirst(port: number): Promise<Listener> {
    const listener = await this.#bindHost(0, this.#addr, port);
    this.#all.set(0, listener);
    this.#first = listener;
    return listener;
  }

  /** The app's address, once it was bound. */
  get first(): Listener {
    return this.#first!;
  }

  /**
   * An address for one of the app's other servers: bound when the first worker asks, shared by the others. Rejects with
   * the system's error, which the app gets unchanged.
   * @param user the caller of {@link release} for it
   */
  async bind(server: AskedServer, user: object): Promise<Listener> {
    let shared = this.#shared.get(server.key);
    if (shared === undefined) {
      shared = new Shared(this.#bindFurther(server));
      this.#shared.set(server.key, shared);
      const failed = shared;
      shared.listener.catch(() => {
        if (this.#shared.get(server.key) === failed) this.#shared.delete(server.key);
      });
    }
    shared.users.add(user);
    const listener = await shared.listener;
    listener.setKind(server.raw, server.tls);
    return listener;
  }

  /** The app has closed its server in a worker. The address is free when no worker has it any more. */
  release(key: string, user: object): void {
    const shared = this.#shared.get(key);
    if (shared === undefined || !shared.users.delete(user) || shared.users.size > 0) return;
    this.#shared.delete(key);
    // The app's answer to a client may already say that the port is free.
    shared.retire((listener) => {
      this.#all.delete(listener.server);
      listener.retire();
      if (listener.connected) this.#retired.add(listener);
    });
  }

  /** A worker has ended. Its addresses stay for the one after it. */
  left(key: string, user: object): void {
    this.#shared.get(key)?.users.delete(user);
  }

  /** Only one worker at a time gets the connections of this address. */
  isAlone(server: number): boolean {
    return this.#alone.has(server);
  }

  stopAccepting(): void {
    for (const listener of this.#all.values()) listener.stopAccepting();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all.values(), ...this.#retired].map((listener) => listener.close()));
  }

  async #bindFurther({ asked, raw, tls, kind }: AskedServer): Promise<Listener> {
    this.#last += 1;
    const number = this.#last;
    // If the app names no host, it gets the server's host, not all addresses.
    const listener =
      asked.path === undefined
        ? await this.#bindHost(number, asked.host ?? this.#addr, asked.port ?? 0)
        : this.#create(number);
    if (asked.path !== undefined) await listener.listen({ path: asked.path });
    listener.setKind(raw, tls);
    this.#all.set(number, listener);
    const isHttp = kind === 'requests' || kind === 'http';
    // Under plain Node only one process could have the port. Its clients, such as those of a WebSocket server, meet there.
    const isFixed = asked.port !== undefined && asked.port !== 0;
    if (asked.exclusive === true || (kind !== 'requests' && isFixed)) this.#alone.add(number);
    if (isHttp) this.#onNew(listener);
    else setTimeout(() => this.#all.has(number) && this.#onNew(listener), TELL_MS).unref();
    return listener;
  }

  /**
   * `localhost` means both loopback addresses, and programs try either first, so the port is bound on both. If ::1
   * can't be bound, 127.0.0.1 serves alone; rejects only if that can't be bound.
   */
  async #bindHost(index: number, host: string, port: number): Promise<Listener> {
    const local = host.toLowerCase() === 'localhost' || (this.#both && host === this.#addr);
    for (let attempt = 1; ; attempt++) {
      const listener = this.#create(index);
      await listener.listen({ host: local ? IPV4 : host, port });
      const refused = local ? await listener.listenAlso(IPV6) : undefined;
      if (refused === undefined || ABSENT.has(refused)) return listener;
      if (port === 0 && refused === 'EADDRINUSE' && attempt < ATTEMPTS) await listener.close();
      else {
        this.#handler.warn(
          `Port ${port} of ${IPV6} can't be bound (${refused}), so http://localhost:${port}/ may reach another ` +
            `program. Use http://${IPV4}:${port}/ instead.`,
        );
        return listener;
      }
    }
  }

  #create(server: number): Listener {
    return new Listener({ server, handler: this.#handler, connections: this.#connections });
  }
}
