/**
 * The offers that a worker has not started, each in a slot of its claims (wire/claims.ts). An offer can be revoked
 * until the worker claims it.
 */
import { CLAIM_SLOTS } from '../../wire/claims.ts';
import type { Exchange } from '../requests/exchange.ts';
import { Backlog } from './backlog.ts';

export class Offer {
  readonly exchange: Exchange;
  readonly slot: number;
  readonly sentAt = performance.now();
  /** How long it is expected to keep the event loop, in ms. */
  readonly expectedMs: number;
  /** `claimed`: the revocation came too late, so the worker has the request. */
  state: 'open' | 'revoking' | 'revoked' | 'claimed' = 'open';
  /** STARTED or DROPPED came; the slot is free once no revocation is under way. */
  settled = false;

  constructor(exchange: Exchange, slot: number, expectedMs: number) {
    this.exchange = exchange;
    this.slot = slot;
    this.expectedMs = expectedMs;
  }

  /** Its revocation is under way. */
  revoke(): void {
    this.state = 'revoking';
  }

  revocationEnded(revoked: boolean): void {
    this.state = revoked ? 'revoked' : 'claimed';
  }

  settle(): void {
    this.settled = true;
  }
}

export class Offers {
  #capacity = Number.POSITIVE_INFINITY;
  /** Offers without a STARTED or DROPPED, by slot, oldest first. */
  #open = new Map<number, Offer>();
  #backlog = new Backlog();
  #slots: number[] = [];
  #nextSlot = 0;
  #occupied = 0;

  /** The most requests at a time; a worker with a limit sends FREED after each. */
  get capacity(): number {
    return this.#capacity;
  }

  limitTo(requests: number): void {
    this.#capacity = requests;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Oldest first. */
  values(): MapIterator<Offer> {
    return this.#open.values();
  }

  /** False while 1,024 offers, or as many as the worker's limit, are unsettled. */
  get hasRoom(): boolean {
    if (this.#occupied >= this.#capacity) return false;
    return this.#slots.length > 0 || this.#nextSlot < CLAIM_SLOTS;
  }

  /** How long the offers that are not started will keep the event loop, in ms; see {@link Backlog}. */
  backlogMs(lastHeardAt: number): number | undefined {
    // If each request has its own thread or process, joining others makes none faster.
    if (Number.isFinite(this.#capacity)) return undefined;
    const [oldest] = this.#open.values();
    return oldest && this.#backlog.expected(performance.now() - Math.max(oldest.sentAt, lastHeardAt));
  }

  /** @param alone the worker has no other request */
  add(exchange: Exchange, alone: boolean): Offer {
    const slot = this.#slots.pop() ?? this.#nextSlot++;
    const expectedMs = exchange.stats.loopMs ?? Number.POSITIVE_INFINITY;
    this.#backlog.offered(expectedMs, alone);
    const offer = new Offer(exchange, slot, expectedMs);
    this.#open.set(slot, offer);
    if (this.#capacity !== Number.POSITIVE_INFINITY) this.#occupied += 1;
    return offer;
  }

  /**
   * The worker reported the start or the drop of an offer.
   * @param started false if it was dropped
   */
  settle(slot: number, started: boolean): Offer | undefined {
    const offer = this.#open.get(slot);
    if (offer === undefined) return undefined;
    offer.settle();
    this.#open.delete(slot);
    this.#backlog.settled(offer.expectedMs, started && !offer.exchange.finished);
    if (offer.state !== 'revoking') this.#slots.push(slot);
    return offer;
  }

  /** The revocation is decided. The slot of an unsettled offer stays taken until the offer is settled. */
  revocationEnded(offer: Offer, revoked: boolean): void {
    offer.revocationEnded(revoked);
    if (offer.settled) this.#slots.push(offer.slot);
  }

  /** A worker with a limit has finished a request. */
  freed(): void {
    this.#occupied -= 1;
  }
}
