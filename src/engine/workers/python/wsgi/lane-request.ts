/** What the gateway keeps of a client connection and of the request on it. */
import type { BodyReader } from './body-reader.ts';
import type { ConnectionFlow } from './connection-flow.ts';
import type { Lane } from './lanes.ts';
import type { WsgiResponse } from './response.ts';

/** A client connection as the gateway sees it. */
export interface Connection {
  flow: ConnectionFlow;
  environ: string;
  request: LaneRequest | undefined;
}

export interface LaneRequest {
  id: number;
  connection: Connection;
  lane: Lane;
  body: BodyReader;
  answer: WsgiResponse;
  /** Python knows that no more of the body will come. */
  bodyEnded: boolean;
  /** The client does not wait for the answer any more, or has all of it. */
  over: boolean;
}
