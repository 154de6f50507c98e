/** The gateway's state of a client connection and of the request on it. */
import type { BodyReader } from './body-reader.ts';
import type { ConnectionFlow } from './connection-flow.ts';
import type { Lane } from './lanes.ts';
import type { WsgiResponse } from './response.ts';

/** A client connection. */
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
  response: WsgiResponse;
  /** Python has received the end of the body. */
  bodyEnded: boolean;
  /** The client has the whole response, or has disconnected. */
  over: boolean;
}
