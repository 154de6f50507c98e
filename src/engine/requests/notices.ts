/** What is said once in a run: of an app that keeps something in one of several workers, and of an overlap that can't fill. */
import type { ServerEvent } from '../../protocol/messages.ts';
import type { Exchange } from './exchange.ts';
import { type CookieAnswer, LostSessions } from './lost-sessions.ts';
import type { SessionRequest } from './session-request.ts';

export interface NoticesOptions {
  emit(event: ServerEvent): void;
  /** More than one worker may get the requests of a client. */
  severalServe(): boolean;
  /** The setting that says how many workers there are. */
  countedBy(): 'workers' | 'processes';
}

/** All browsers open at most so many connections to one host over HTTP/1.1, for all of their tabs. */
const BROWSER_CONNECTIONS = 6;

export class Notices {
  #options: NoticesOptions;
  /** Undefined once it has found what it looks for. */
  #lostSessions: LostSessions | undefined = new LostSessions();
  #protocols = new Set<SessionRequest['protocol']>();
  #overlapExplained = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** There are several workers, and one of them has a session of this protocol. */
  session(protocol: SessionRequest['protocol']): void {
    if (this.#protocols.has(protocol)) return;
    this.#protocols.add(protocol);
    const { emit, countedBy } = this.#options;
    const text =
      `${protocol}: each session stays with one worker, so messages and broadcasts reach only the clients of the ` +
      `same worker. For one worker: ${oneWorkerOptions(countedBy())}`;
    emit({ type: 'log', level: 'info', source: 'server', text });
  }

  /** An overlap has waited in vain. One request alone is no attempt to overlap. */
  overlapIncomplete({ came, size, maxMs }: { came: number; size: number; maxMs: number }): void {
    if (this.#overlapExplained || size <= BROWSER_CONNECTIONS || came < 2 || came > BROWSER_CONNECTIONS)
      return;
    this.#overlapExplained = true;
    const text =
      `overlap waited ${maxMs} ms for ${size} requests, and ${came} came. A page in one browser opens at most ` +
      `${BROWSER_CONNECTIONS} connections to one host. Use --overlap ${BROWSER_CONNECTIONS} or fewer, or another client.`;
    this.#options.emit({ type: 'log', level: 'info', source: 'server', text });
  }

  /** An answer is passed on that has to do with cookies, or leads elsewhere. */
  answered(
    { method, target, cookie, worker }: Exchange,
    { status, location, setCookies }: Pick<CookieAnswer, 'status' | 'location' | 'setCookies'>,
  ): void {
    const { emit, severalServe, countedBy } = this.#options;
    if (this.#lostSessions === undefined || worker === undefined || !severalServe()) return;
    const answer = { method, target, cookie, worker: worker.id, status, location, setCookies };
    const found = this.#lostSessions.answered(answer, performance.now());
    if (found === undefined) return;
    this.#lostSessions = undefined;
    emit({ type: 'stateInWorker', ...found, setting: countedBy() });
  }
}

/** The options that lead to one worker. */
export function oneWorkerOptions(setting: 'workers' | 'processes'): string {
  return setting === 'processes' ? '--processes 1' : '--workers 1 --max-workers 1';
}
