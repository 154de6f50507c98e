/**
 * A worker of the wire's model: both ends of the wire and the app's connections are real; only the carrier of the bytes
 * belongs to the test, so that it can stop, and the worker can die, at any moment.
 */
import type { Exchange } from '../../../src/engine/requests/exchange.ts';
import { isOpen } from '../../../src/engine/scheduling/health.ts';
import { Upstream, type UpstreamRunner } from '../../../src/engine/scheduling/upstream.ts';
import { WorkerLink } from '../../../src/engine/workers/node/inside/worker-link.ts';
import { createClaims, revoke } from '../../../src/wire/claims.ts';
import type { ModelApp } from './model-app.ts';

export class ModelWorker {
  readonly upstream: Upstream;
  #link: WorkerLink;
  #stalled = false;
  #toWorker: Buffer[] = [];
  #toFront: Buffer[] = [];
  #scheduled = false;

  /**
   * @param late revocations are answered later, as by a fork worker's watchdog
   * @param revoked the request does not run here and can go to another worker
   */
  constructor(id: number, app: ModelApp, late: boolean, revoked: (exchange: Exchange) => void) {
    const claims = createClaims();
    this.#link = new WorkerLink(
      { send: (bytes) => this.#carry(this.#toFront, bytes), ref: () => {}, unref: () => {} },
      claims,
    );
    this.#link.serve(0, app.server());
    this.#link.serve(1, app.rawServer());
    const runner: UpstreamRunner = {
      send: (bytes) => this.#carry(this.#toWorker, bytes),
      revoke: (slot, request, done) => {
        const decide = (): void => {
          // A worker that died before the question never answers.
          if (this.upstream.state !== 'closed') done(revoke(claims, slot, request));
        };
        if (late) setImmediate(decide);
        else decide();
      },
    };
    this.upstream = new Upstream(id, runner, {
      control: () => {},
      unblocked: () => {},
      finished: () => {},
      revoked: (_upstream, exchange) => revoked(exchange),
      broken: (_upstream, reason) => {
        throw new Error(`Worker ${id} sent ${reason}`);
      },
      touched: (wire) => void setImmediate(() => wire.flush()),
    });
  }

  /** Its event loop is blocked: it reads and sends nothing. */
  stall(): void {
    this.#stalled = true;
  }

  goOn(): void {
    this.#stalled = false;
    this.#schedule();
  }

  /** Revokes all offers that it has not started. */
  takeBack(): void {
    for (const offer of [...this.upstream.offers.values()]) if (isOpen(offer)) this.upstream.revoke(offer);
  }

  /** It exits. @returns its unanswered requests */
  die(): Exchange[] {
    this.upstream.close();
    return this.upstream.abandon();
  }

  #carry(direction: Buffer[], bytes: Buffer): void {
    direction.push(bytes);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#stalled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#stalled || this.upstream.state === 'closed') return;
      for (const bytes of this.#toWorker.splice(0)) this.#link.feed(bytes);
      for (const bytes of this.#toFront.splice(0)) this.upstream.feed(bytes);
    });
  }
}
