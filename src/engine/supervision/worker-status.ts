/** The status of a worker for a driver. */
import {
  MAX_LISTED_REQUESTS,
  type RequestUnderWay,
  type WorkerState,
  type WorkerStatus,
} from '../../protocol/messages.ts';
import { shortTarget } from '../requests/exchange.ts';
import type { ManagedWorker } from './managed-worker.ts';

export function statusOf(worker: ManagedWorker): WorkerStatus {
  const { id, mode, generation, runner, exit } = worker;
  const { inFlight, done, memory, blockedSince } = worker.upstream;
  return {
    id,
    mode,
    state: stateOf(worker),
    generation,
    inFlight,
    done,
    ...(runner.pid === undefined ? {} : { pid: runner.pid }),
    ...(runner.threadId === undefined ? {} : { threadId: runner.threadId }),
    ...(memory === undefined ? {} : { memory }),
    ...(blockedSince === undefined ? {} : { blockedMs: Math.round(performance.now() - blockedSince) }),
    ...(exit === undefined ? {} : { exit: exit.text }),
  };
}

/** Its current requests, the oldest first. */
export function requestsOf({ upstream }: ManagedWorker): RequestUnderWay[] {
  const now = performance.now();
  return [...upstream.exchanges].slice(0, MAX_LISTED_REQUESTS).map(({ id, method, target, receivedAt }) => ({
    id,
    method,
    target: shortTarget(target),
    ageMs: Math.round(now - receivedAt),
  }));
}

function stateOf({ life, upstream }: ManagedWorker): WorkerState {
  switch (life.phase) {
    case 'exited':
      return life.wanted ? 'stopped' : 'crashed';
    case 'draining':
    case 'ending':
      return 'draining';
    case 'starting':
      return 'starting';
    case 'serving':
      // The app may have closed its server for a while.
      if (!upstream.accepts(0)) return 'starting';
      if (upstream.blockedSince !== undefined) return 'blocked';
      return upstream.inFlight > 0 ? 'busy' : 'idle';
  }
}
