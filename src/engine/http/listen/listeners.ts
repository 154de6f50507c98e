/** The public addresses: the server's own, and one for each additional server of the app. */
import type { AskedAddress, BoundAddress } from '../../../wire/frames.ts';
import type { FrontHandler } from '../connection/types.ts';
import { HEAD_LIMITS, type HeadLimits, widened } from '../parser/head-limits.ts';
import { type Connections, Listener } from './listener.ts';

interface OwnAddress {
  /** The host for {@link Listeners.bindFirst}, and for an app that names no host. */
  addr: string;
  /** The user set no address, so that the default stands for `localhost`. */
  both: boolean;
}

interface AskedServer {
  index: number;
  asked: AskedAddress;
  raw: boolean;
  tls: boolean;
}

const IPV4 = '127.0.0.1';
const IPV6 = '::1';
/** The errors of a machine that has no such address. */
const ABSENT: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);
/** How many ports to try until one is free on both addresses. */
const ATTEMPTS = 5;

export class Listeners {
  #both: boolean;
  #handler: FrontHandler;
  #addr: string;
  #byIndex = new Map<number, Promise<Listener>>();
  #all: Listener[] = [];
  #headLimits = new Map<number, HeadLimits>();
  #connections: Connections = new Set();
  #onNew: (listener: Listener) => void;

  /** @param onNew gets each additional address that was bound */
  constructor({ addr, both }: OwnAddress, handler: FrontHandler, onNew: (listener: Listener) => void) {
    this.#addr = addr;
    this.#both = both;
    this.#handler = handler;
    this.#onNew = onNew;
  }

  /** Binds the configured address. The app's first server gets it, whatever address it asks for. */
  async bindFirst(port: number): Promise<Listener> {
    const listener = await this.#bindHost(0, this.#addr, port);
    this.#all.push(listener);
    this.#byIndex.set(0, Promise.resolve(listener));
    return listener;
  }

  /**
   * The address for one of the app's servers: bound when the first worker asks, shared by the others. Rejects with the
   * system's error, which the app gets unchanged.
   */
  async bind({ index, asked, raw, tls }: AskedServer): Promise<BoundAddress> {
    let listener = this.#byIndex.get(index);
    if (listener === undefined) {
      listener = this.#bindFurther(index, asked, raw, tls);
      this.#byIndex.set(index, listener);
      listener.catch(() => this.#byIndex.delete(index));
    }
    const bound = await listener;
    bound.setKind(raw, tls);
    const { address } = bound;
    if (index === 0 && asked.path !== undefined) return { path: asked.path };
    return typeof address === 'string' ? { path: address } : address;
  }

  /** A worker's server accepts heads of this size. Called before its address is bound, and at every change. */
  allowHeads(index: number, taken: HeadLimits): void {
    const limits = widened(this.#headLimits.get(index) ?? HEAD_LIMITS, taken);
    this.#headLimits.set(index, limits);
    for (const listener of this.#all) if (listener.server === index) listener.limitHeads(limits);
  }

  stopAccepting(): void {
    for (const listener of this.#all) listener.stopAccepting();
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((listener) => listener.close()));
  }

  async #bindFurther(index: number, asked: AskedAddress, raw: boolean, tls: boolean): Promise<Listener> {
    // If the app names no host, it gets the server's host, not all addresses.
    const listener =
      asked.path === undefined
        ? await this.#bindHost(index, asked.host ?? this.#addr, asked.port ?? 0)
        : this.#create(index);
    if (asked.path !== undefined) await listener.listen({ path: asked.path });
    listener.setKind(raw, tls);
    this.#all.push(listener);
    this.#onNew(listener);
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
    const listener = new Listener({ server, handler: this.#handler, connections: this.#connections });
    listener.limitHeads(this.#headLimits.get(server) ?? HEAD_LIMITS);
    return listener;
  }
}
