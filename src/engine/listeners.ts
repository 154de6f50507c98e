/** The public addresses: the server's own, and one for each further server of the app. */
import type { AskedAddress, BoundAddress } from '../protocol/frames.ts';
import type { FrontHandler } from './front/front.ts';
import { HEAD_LIMITS, type HeadLimits, widened } from './front/head-limits.ts';
import { type Connections, Listener } from './front/listener.ts';

export interface AskedServer {
  index: number;
  asked: AskedAddress;
  raw: boolean;
  tls: boolean;
}

const LOCALHOST = 'localhost';
const LOOPBACK = ['127.0.0.1', '::1'] as const;
/** Tries to find a port that is free on both. */
const ATTEMPTS = 5;

export class Listeners {
  /** Nobody wrote the address, so that the default one stands for `localhost`. */
  both = false;
  #handler: FrontHandler;
  /** Where {@link bindFirst} binds, and what the app asks for without naming a host. */
  addr: string;
  #byIndex = new Map<number, Promise<Listener>>();
  #all: Listener[] = [];
  #headLimits = new Map<number, HeadLimits>();
  #connections: Connections = new Set();
  #onNew: (listener: Listener) => void;

  /** @param onNew gets each further address that was bound */
  constructor(addr: string, handler: FrontHandler, onNew: (listener: Listener) => void) {
    this.addr = addr;
    this.#handler = handler;
    this.#onNew = onNew;
  }

  /** Binds the address that was configured; the app's first server gets it, whatever it asks for. */
  async bindFirst(port: number): Promise<Listener> {
    const listener = await this.#bindLoopback(port);
    this.#all.push(listener);
    this.#byIndex.set(0, Promise.resolve(listener));
    return listener;
  }

  /**
   * The address for one of the app's servers: bound when the first worker asks, shared by the others. Rejects with
   * the system's error, which the app gets as its own.
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

  /** A worker's server takes so much of a head; said before its address is bound, and whenever it changes. */
  allowHeads(index: number, taken: HeadLimits): void {
    const limits = widened(this.#headLimits.get(index) ?? HEAD_LIMITS, taken);
    this.#headLimits.set(index, limits);
    for (const listener of this.#all) if (listener.server === index) listener.headLimits = limits;
  }

  stopAccepting(): void {
    for (const listener of this.#all) listener.stopAccepting();
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((listener) => listener.close()));
  }

  /** `localhost` means both loopback addresses, and programs try either first. Where ::1 can't be had one serves. */
  async #bindLoopback(port: number): Promise<Listener> {
    for (let attempt = 1; ; attempt++) {
      const listener = this.#create(0);
      await listener.listen({ host: this.addr === LOCALHOST ? LOOPBACK[0] : this.addr, port });
      if (!this.both && this.addr !== LOCALHOST) return listener;
      try {
        await listener.listenAlso(LOOPBACK[1]);
        return listener;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return listener;
      }
      if (port === 0 && attempt < ATTEMPTS) await listener.close();
      else {
        this.#handler.warn(
          `Another program has port ${port} of ::1, so http://localhost:${port}/ may be answered by that one; ` +
            'http://127.0.0.1 is this server.',
        );
        return listener;
      }
    }
  }

  async #bindFurther(index: number, asked: AskedAddress, raw: boolean, tls: boolean): Promise<Listener> {
    const listener = this.#create(index);
    if (asked.path !== undefined) await listener.listen({ path: asked.path });
    // What the app asked for without naming a host is bound where the server is, not on all addresses.
    else await listener.listen({ host: asked.host ?? this.addr, port: asked.port ?? 0 });
    listener.setKind(raw, tls);
    this.#all.push(listener);
    this.#onNew(listener);
    return listener;
  }

  #create(server: number): Listener {
    const listener = new Listener({ server, handler: this.#handler, connections: this.#connections });
    listener.headLimits = this.#headLimits.get(server) ?? HEAD_LIMITS;
    return listener;
  }
}
