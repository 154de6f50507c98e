/** The engine's interface for connections, and the limits of connections. */
import type net from 'node:net';
import type { OpenInfo } from '../../../wire/frames.ts';
import type { Exchange } from '../../requests/exchange.ts';
import type { LocalReply } from '../../requests/local-replies.ts';
import type { Routes } from '../../requests/route-stats.ts';
import type { SessionRequest } from '../../requests/session-request.ts';
import type { PageContext } from '../pages/error-page.ts';
import type { HeadLimits } from '../parser/head-limits.ts';
import type { RequestHead } from '../parser/request-head.ts';
import type { ResponseHead } from '../parser/response-head.ts';

export interface FrontHandler {
  readonly routes: Routes;
  /** Number for the next request. */
  nextRequestId(): number;
  /** Takes over a request; the engine forwards or refuses it later. */
  admit(exchange: Exchange): void;
  /** Called once for every admitted exchange, even if it was refused or cut. */
  finished(exchange: Exchange): void;
  /** Why a request is refused (Host, Origin), or undefined. */
  forbids(head: RequestHead): LocalReply | undefined;
  /** What error pages show of the server. */
  readonly pageContext: PageContext;
  /** The script that reloads an app's page when new code is served; undefined without --reload-browser. */
  reloadScript(): string | undefined;
  /** A page asks for an event when new code is served; see http/pages/reload-events.ts. */
  joinReloadEvents(target: string, write: (text: string) => void): () => void;
  /** The worker that has the request gave a session its name. */
  sessionGiven(exchange: Exchange, protocol: SessionRequest['protocol'], id: string): void;
  /** The head of an answer that sets cookies or leads elsewhere, or to a request with cookies. */
  answerPassed(exchange: Exchange, head: ResponseHead): void;
  /** A warning about a connection that has not become a request. */
  warn(text: string): void;
}

/** The public side of a listener. */
export interface FrontAddress {
  /** Index of the app's server. */
  server: number;
  readonly headLimits: HeadLimits;
  info(socket: net.Socket): OpenInfo;
}

/** Times in ms. Generous for a person with a slow link, short for a client that holds connections open as an attack. */
export interface FrontLimits {
  /** From the first byte of a head to its end. */
  headMs: number;
  /** Between two requests of a connection. */
  idleMs: number;
  /** Between two portions of a request's body. */
  bodyMs: number;
  /** For the client to close after the last answer. */
  closingMs: number;
  /** Connections at a time, over all listeners. */
  maxConnections: number;
}

export const FRONT_LIMITS: FrontLimits = {
  headMs: 20_000,
  idleMs: 75_000,
  bodyMs: 60_000,
  closingMs: 2_000,
  maxConnections: 2_048,
};
