/** What the scheduler needs of the parts around it. */
import type { Affinity } from '../../protocol/config.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { SessionRequest } from '../requests/session-request.ts';
import type { Upstream } from './upstream.ts';

export interface SchedulerOptions {
  affinity: Affinity;
  /** A worker gets no more requests after this many; 0: no limit. Also the most it serves at a time. */
  maxRequestsPerWorker: number;
  /** The most requests that may wait for a worker. */
  queueLimit: number;
  /** No worker can take the next request; starts another one if the limit allows. */
  wantWorker(): void;
  /** The state of a worker changed: idle, busy, blocked. */
  changed(upstream: Upstream): void;
  /** A worker has reached its number of requests. */
  usedUp(upstream: Upstream): void;
  /** Only one worker at a time gets the connections of this address. */
  isAlone(server: number): boolean;
  /** There are several workers, and a session that one of them keeps. */
  session(protocol: SessionRequest['protocol']): void;
  /** The queue is full. */
  overloaded(exchange: Exchange): void;
}
