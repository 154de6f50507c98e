/**
 * Which of the servers that an app opens in a worker is the app. What a server asked for decides, and not its turn. Pure.
 */
import type { Patience, ServerKind } from '../../wire/frames.ts';

/** A server that the app has opened and not closed. */
export interface Asking {
  readonly index: number;
  /** What it asked for; the same in every worker. */
  readonly key: string;
  /** It asks for the port that PORT names. That name is the server's, so this server is the app. */
  readonly forPort: boolean;
  readonly kind: ServerKind;
  /** It was here while another server was the app, so it takes that one's place only if there is no doubt. */
  readonly beside: boolean;
}

export interface Situation {
  /** The key of the app in other workers, or in the code before. */
  readonly known: string | undefined;
  /** The app's source reads PORT, so that a server will ask for it. */
  readonly expectsPort: boolean;
  readonly patience: Patience;
}

/** Lower numbers go first. */
const KIND_CLAIMS: Readonly<Record<ServerKind, number>> = { requests: 2, http: 3, bytes: 4, nothing: 5 };
const NEVER = 3;

/**
 * The server that asks for PORT, whenever it comes. Else the one that is the app in other workers. Else the first that
 * handles requests, then the first that could: with patience, if a better one is to be expected.
 *
 * @param servers in the order of their `listen` calls
 * @param chosen the index of the app until now
 * @returns the index of the app from now on; undefined while nobody knows
 */
export function chooseApp(
  servers: readonly Asking[],
  chosen: number | undefined,
  situation: Situation,
): number | undefined {
  const current = servers.find(({ index }) => index === chosen);
  let best: Asking | undefined;
  for (const server of servers) {
    if (neededPatience(server, situation) > situation.patience) continue;
    if (best === undefined || claim(server, situation) < claim(best, situation)) best = server;
  }
  if (current === undefined || best === undefined) return (current ?? best)?.index;
  const displaced = isSure(best, situation) && claim(best, situation) < claim(current, situation);
  return displaced ? best.index : current.index;
}

function isSure({ forPort, key }: Asking, { known }: Situation): boolean {
  return forPort || key === known;
}

function claim(server: Asking, situation: Situation): number {
  if (server.forPort) return 0;
  return isSure(server, situation) ? 1 : KIND_CLAIMS[server.kind];
}

/** What a probe of a port looks like may turn out to be one, so it waits even if it asks for PORT. */
function neededPatience(server: Asking, situation: Situation): number {
  const { kind, beside } = server;
  const isHttp = kind === 'requests' || kind === 'http';
  if (isSure(server, situation)) return isHttp ? 0 : 1;
  if (beside) return NEVER;
  if (situation.known !== undefined || situation.expectsPort || kind === 'nothing') return 2;
  return kind === 'requests' ? 0 : 1;
}

/** A port of 0 is another one each time, so such servers are told apart by their turn. */
export function keyOf(
  { host, port, path }: { host?: string | undefined; port?: number | undefined; path?: string | undefined },
  turn: number,
): string {
  if (path !== undefined) return `path ${path}`;
  return port === undefined || port === 0 ? `turn ${turn}` : `port ${port} ${host ?? ''}`;
}
