/**
 * A connection's properties (addresses, counts, state). TypeScript declares them as fields of `net.Socket`, but they
 * are getters of its prototype; so they are defined on the prototype and not as class members.
 */
import type net from 'node:net';
import type { OpenInfo } from '../../../../wire/frames.ts';

export interface SocketProperties {
  info: OpenInfo;
  /** Bytes of each direction. */
  read: number;
  written: number;
}

const getters: Record<string, (facts: SocketProperties, socket: net.Socket) => unknown> = {
  remoteAddress: ({ info }) => info.remoteAddress,
  remotePort: ({ info }) => info.remotePort,
  remoteFamily: ({ info }) => info.remoteFamily,
  localAddress: ({ info }) => info.localAddress,
  localPort: ({ info }) => info.localPort,
  localFamily: ({ info }) => info.remoteFamily,
  bytesRead: ({ read }) => read,
  bytesWritten: ({ written }) => written,
  pending: () => false,
  readyState: (_facts, socket) => {
    if (socket.readable && socket.writable) return 'open';
    if (socket.readable) return 'readOnly';
    return socket.writable ? 'writeOnly' : 'closed';
  },
};

/** @param factsOf returns the properties of one socket */
export function defineProperties<S extends net.Socket>(
  prototype: S,
  factsOf: (socket: S) => SocketProperties,
): void {
  for (const [name, getter] of Object.entries(getters)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: S) {
        return getter(factsOf(this), this);
      },
    });
  }
}
