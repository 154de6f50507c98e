/**
 * Gives each request to a worker that can take it now, and revokes it if the worker turns out to be blocked. The rule
 * that everything here serves: a request never waits behind a blocked worker while another one could take it.
 */
import type { Affinity } from '../../protocol/config.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { SessionRequest } from '../requests/session-request.ts';
import { isOneSoonFree, isOpen, staysApart } from './health.ts';
import type { Offer } from './offers.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { chooseWorker } from './selection.ts';
import { OwnWorkers } from './sessions.ts';
import type { Upstream } from './upstream.ts';
import { Waiting } from './waiting.ts';

/** How often workers with requests are checked, in ms. */
const CHECK_MS = 5;
/** An offer that was not started for this long may be revoked, in ms. */
const UNSTARTED_MS = 5;

export class Scheduler {
  #options: SchedulerOptions;
  #upstreams: Upstream[] = [];
  #queue = new Waiting();
  #own: OwnWorkers;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#own = new OwnWorkers(options.affinity);
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** The workers that may get requests. Workers that are left out keep their requests. */
  setUpstreams(upstreams: Upstream[]): void {
    this.#upstreams = upstreams;
    this.drainQueue();
    // While a worker was left out, nobody checked it; it may have blocked with requests.
    this.#watch();
  }

  /** Each client has its worker. */
  get byClient(): boolean {
    return this.#own.byClient;
  }

  /** Takes effect with the next request of each client. */
  setAffinity(affinity: Affinity): void {
    if (this.#own.setAffinity(affinity)) this.drainQueue();
  }

  /** The worker that has the request gave a session its name; the requests of the session go there as well. */
  sessionGiven({ worker }: Exchange, id: string, protocol: SessionRequest['protocol']): void {
    if (worker === undefined) return;
    this.#own.sessions.given(id, worker.id);
    if (this.#upstreams.length > 1) this.#options.session(protocol);
  }

  /** Requests of one call should run together, so they go to different workers if possible. */
  submit(exchanges: readonly Exchange[]): void {
    const now = performance.now();
    for (const exchange of exchanges) {
      if (exchange.finished) continue;
      exchange.submitted(now);
      this.#place(exchange, exchanges.length > 1);
    }
  }

  /** A worker became free; waiting requests may go to it. */
  drainQueue(): void {
    let full = false;
    for (const queue of this.#queue.queues) full = this.#drain(queue) || full;
    if (full) this.#wantForQueue();
  }

  /** @returns true if some of them wait because no worker can take more */
  #drain(queue: Iterable<Exchange>): boolean {
    for (const exchange of queue) {
      const upstream = this.#choose(exchange);
      if (upstream === undefined) {
        // A request that waits for its own worker does not hold up others.
        if (this.#waitsForItsOwn(exchange)) continue;
        return true;
      }
      this.#queue.delete(exchange);
      this.#dispatch(exchange, upstream);
    }
    return false;
  }

  /** Removes all waiting requests, for a local reply. */
  takeQueue(): Exchange[] {
    return this.#queue.take();
  }

  /** The request is over, answered or not. */
  finished(exchange: Exchange): void {
    this.#queue.delete(exchange);
    exchange.worker?.finished(exchange);
  }

  /** A worker has finished a request. */
  released(upstream: Upstream): void {
    if (upstream.inFlight === 0) {
      this.#options.changed(upstream);
      this.#steal(upstream);
    } else if (upstream.state === 'draining') this.#options.changed(upstream);
    if (this.#queue.size > 0) this.drainQueue();
  }

  /** A worker gave back a request that it had not started. */
  revoked(exchange: Exchange): void {
    if (exchange.finished) return;
    exchange.takenBack();
    this.#place(exchange);
  }

  /** A worker answers again. */
  unblocked(upstream: Upstream): void {
    this.#options.changed(upstream);
    this.drainQueue();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
  }

  /** @param apart prefer an idle worker over one that is being woken anyway */
  #place(exchange: Exchange, apart = false): void {
    const expectedMs = apart ? undefined : exchange.stats.loopMs;
    const upstream = this.#othersWait(exchange.server) ? undefined : this.#choose(exchange, expectedMs);
    if (upstream !== undefined) this.#dispatch(exchange, upstream);
    else if (this.#queue.size >= this.#options.queueLimit) this.#options.overloaded(exchange);
    else {
      this.#queue.add(exchange);
      this.#wantForQueue();
      this.#watch();
    }
  }

  #choose(exchange: Exchange, expectedMs?: number): Upstream | undefined {
    const own = this.#ownWorker(exchange);
    // The own worker is kept even while it is blocked: only there is the client's state.
    if (own !== undefined) return own.offers.hasRoom ? own : undefined;
    return chooseWorker(this.#upstreams, (upstream) => this.#mayTake(upstream, exchange), expectedMs);
  }

  /** See {@link OwnWorkers}; undefined also if that worker may get no more. */
  #ownWorker(exchange: Exchange): Upstream | undefined {
    const own = this.#own.of(exchange, this.#upstreams);
    return own !== undefined && this.#isFor(own, exchange) ? own : undefined;
  }

  #waitsForItsOwn(exchange: Exchange): boolean {
    return this.#ownWorker(exchange)?.offers.hasRoom === false;
  }

  /** Requests of this address wait that any worker could take. */
  #othersWait(server: number): boolean {
    return !this.#own.byClient && this.#firstForAny(this.#queue.of(server)) !== undefined;
  }

  /** The first of these that does not wait for its own worker. */
  #firstForAny(queue: Iterable<Exchange>): Exchange | undefined {
    for (const exchange of queue) if (!this.#waitsForItsOwn(exchange)) return exchange;
    return undefined;
  }

  #mayTake(upstream: Upstream, exchange: Exchange): boolean {
    return upstream.offers.hasRoom && this.#isFor(upstream, exchange);
  }

  /** It may take the request, now or when it has room. */
  #isFor(upstream: Upstream, exchange: Exchange): boolean {
    const limit = this.#options.maxRequestsPerWorker;
    if (limit > 0 && upstream.dispatched >= limit) return false;
    const { server } = exchange;
    if (!upstream.accepts(server)) return false;
    // With affinity a client's own worker has the page that connects there.
    if (this.#own.byClient || !this.#options.isAlone(server)) return true;
    return this.#upstreams.find((one) => one.accepts(server)) === upstream;
  }

  #dispatch(exchange: Exchange, upstream: Upstream): void {
    const { session } = exchange;
    const isOwn = upstream === this.#ownWorker(exchange);
    this.#own.used(exchange, upstream.id);
    if (session?.onlyIfGiven === false && this.#upstreams.length > 1) this.#options.session(session.protocol);
    upstream.dispatch(exchange, isOwn);
    if (upstream.inFlight === 1) this.#options.changed(upstream);
    if (upstream.dispatched === this.#options.maxRequestsPerWorker) this.#options.usedUp(upstream);
    this.#watch();
  }

  /** An idle worker takes an offer that another worker has not started. */
  #steal(idle: Upstream): void {
    if (this.#own.byClient || this.#queue.size > 0) return;
    const now = performance.now();
    for (const upstream of this.#upstreams) {
      if (upstream === idle || upstream.offers.size === 0) continue;
      const offer = this.#oldestOpenOffer(upstream);
      if (offer === undefined || staysApart(offer, upstream, now)) continue;
      if (offer.exchange.kept || now - offer.sentAt < UNSTARTED_MS) continue;
      if (!this.#mayTake(idle, offer.exchange)) continue;
      upstream.revoke(offer);
      return;
    }
  }

  #oldestOpenOffer(upstream: Upstream): Offer | undefined {
    for (const offer of upstream.offers.values()) if (isOpen(offer)) return offer;
    return undefined;
  }

  /** @param longest the request that has waited longest for one */
  #want(longest?: Exchange): void {
    const now = performance.now();
    const waitedMs = now - (longest?.submittedAt ?? now);
    if (!isOneSoonFree(this.#upstreams, waitedMs, now)) this.#options.wantWorker();
  }

  /** Asks for a worker if a request waits that any worker could take. */
  #wantForQueue(): void {
    let longest: Exchange | undefined;
    for (const queue of this.#queue.queues) {
      const first = this.#firstForAny(queue);
      if (first !== undefined && (longest === undefined || isBefore(first, longest))) longest = first;
    }
    if (longest !== undefined) this.#want(longest);
  }

  #watch(): void {
    // If the server got no processor time, workers' frames are still unread and look like silence. `setImmediate` lets
    // it read them first.
    this.#timer ??= setTimeout(() => {
      this.#soon = setImmediate(() => this.#check());
    }, CHECK_MS).unref();
  }

  #check(): void {
    this.#timer = undefined;
    const now = performance.now();
    let busy = this.#queue.size > 0;
    this.#wantForQueue();
    for (const upstream of this.#upstreams) {
      if (upstream.state === 'closed') continue;
      if (upstream.inFlight === 0 && upstream.offers.size === 0 && upstream.blockedSince === undefined)
        continue;
      busy = true;
      if (upstream.check(now)) this.#options.changed(upstream);
      this.#reclaim(upstream, now);
    }
    if (busy) this.#watch();
  }

  /** Revokes this worker's offers that another worker could run. */
  #reclaim(upstream: Upstream, now: number): void {
    if (upstream.offers.size === 0 || this.#own.byClient) return;
    for (const offer of upstream.offers.values()) {
      if (now - offer.sentAt < UNSTARTED_MS) return;
      if (!isOpen(offer) || offer.exchange.kept || staysApart(offer, upstream, now)) continue;
      const mayTake = (other: Upstream) => other !== upstream && this.#mayTake(other, offer.exchange);
      const better = chooseWorker(this.#upstreams, mayTake);
      if (better === undefined) {
        if (upstream.blockedSince !== undefined) this.#want();
        return;
      }
      if (better.inFlight > 0 && upstream.blockedSince === undefined) return;
      upstream.revoke(offer);
    }
  }
}

function isBefore(one: Exchange, other: Exchange): boolean {
  return (one.submittedAt ?? 0) < (other.submittedAt ?? 0);
}
