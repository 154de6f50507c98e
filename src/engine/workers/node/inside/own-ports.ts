/**
 * An app that calls itself uses the port that it asked for. The server has another one, so such connections go there
 * instead, unless another program answers at that port. And an app that tries whether its port is free, by a connection,
 * finds it free until it listens itself. Only for this machine, and only in the app's own process.
 */
import net from 'node:net';
import os from 'node:os';
import type { BoundAddress } from '../../../../wire/frames.ts';

/** The race finder holds the app's. */
const { setImmediate: soon } = globalThis;

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;
type Options = Record<string, unknown>;

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|::1|0\.0\.0\.0|::)$/i;

export interface OwnPorts {
  /** Where the app's own server is that asked for this port; undefined if it is there, or there is none. */
  addressOf(port: number): BoundAddress | undefined;
  /** It is the port that waits for the app's server, which does not listen in this worker yet. */
  isWaiting(port: number): boolean;
}

export function redirectOwnPorts(own: OwnPorts): void {
  const connect = net.Socket.prototype.connect as unknown as Connect;
  const redirecting: Connect = function (...args) {
    const { options, callback } = parse(args);
    const { host = 'localhost', port, path } = options;
    if (path || typeof host !== 'string' || !LOOPBACK.test(host)) return connect.apply(this, args);
    if (own.isWaiting(Number(port))) {
      refuse(this, host, Number(port));
      return this;
    }
    const target = own.addressOf(Number(port));
    if (target === undefined || 'path' in target) return connect.apply(this, args);
    // Until it is known who answers: what is written waits, as for any connection under way.
    (this as { connecting: boolean }).connecting = true;
    const go = (answers: boolean): void => {
      if (this.destroyed) return;
      const rest = callback === undefined ? [] : [callback];
      const there = { host: reachable(target.address), port: target.port };
      connect.call(this, answers ? options : { ...options, ...there }, ...rest);
    };
    const probe = new net.Socket();
    probe.once('connect', () => {
      probe.destroy();
      go(true);
    });
    probe.once('error', () => go(false));
    connect.call(probe, { host, port });
    return this;
  };
  net.Socket.prototype.connect = redirecting as unknown as net.Socket['connect'];
}

/** As the system does it. */
function refuse(socket: net.Socket, address: string, port: number): void {
  (socket as { connecting: boolean }).connecting = true;
  const error = new Error(`connect ECONNREFUSED ${address}:${port}`);
  const errno = -os.constants.errno.ECONNREFUSED;
  soon(() =>
    socket.destroy(Object.assign(error, { errno, code: 'ECONNREFUSED', syscall: 'connect', address, port })),
  );
}

/** Node itself passes on an array of the options and the callback. */
function parse(args: unknown[]): { options: Options; callback: unknown } {
  const list: unknown[] = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  const last = list.at(-1);
  const callback = typeof last === 'function' ? last : undefined;
  if (typeof first === 'object' && first !== null) return { options: first as Options, callback };
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { options: { path: first }, callback };
  return { options: { port: first, ...(typeof second === 'string' ? { host: second } : {}) }, callback };
}

function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
