/**
 * Accepts connections and reads them into one shared buffer. Node would allocate 64 KiB for every read and push it
 * through a stream, which costs as much as the whole rest of the front (docs/speed.md). It uses the listening handle's
 * `onconnection`, as node:cluster does. If a version of Node lacks it, plain `net` serves.
 */
import net from 'node:net';

const READ_BYTES = 64 * 1024;

/** Gets bytes of a client; they are valid during the call only. */
export type Receiver = (bytes: Buffer) => void;

/** Takes over an accepted connection and returns the receiver of its bytes. Calls `start` once, at once or later. */
type OnSocket = (socket: net.Socket, start: (receive: Receiver) => void) => void;

interface ListeningHandle {
  onconnection?: (error: number, handle: ClientHandle | undefined) => void;
}

interface ClientHandle {
  setNoDelay?(on: boolean): void;
}

/** Starts to hand out the connections of a listening server. */
export function acceptSockets(server: net.Server, onSocket: OnSocket): void {
  const shared = Buffer.allocUnsafeSlow(READ_BYTES);
  const listening = (server as unknown as { _handle: ListeningHandle | null })._handle;
  if (typeof listening?.onconnection !== 'function') {
    server.on('connection', (socket) => {
      onSocket(socket, (receive) => socket.on('data', receive));
    });
    return;
  }
  listening.onconnection = (error, handle) => {
    if (error !== 0 || handle === undefined) return;
    handle.setNoDelay?.(true);
    let receive: Receiver | undefined;
    const options = {
      handle,
      allowHalfOpen: true,
      manualStart: true,
      onread: {
        buffer: shared,
        callback: (length: number) => {
          receive?.(shared.subarray(0, length));
          return true;
        },
      },
    };
    const socket = new net.Socket(options as net.SocketConstructorOpts);
    onSocket(socket, (receiver) => {
      receive = receiver;
      socket.read(0);
    });
  };
}
