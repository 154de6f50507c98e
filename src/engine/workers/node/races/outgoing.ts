/** Reports connections that database drivers open: what is behind them outlives a trial. */
import net from 'node:net';
import type { FromRaceHooks } from '../../../../wire/race-messages.ts';

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;

/** The package whose code opens the connection is among these. */
const DRIVERS =
  /[\\/]node_modules[\\/](pg|postgres|mysql|mysql2|mariadb|mongodb|redis|@redis|ioredis|iovalkey|tedious|oracledb|cassandra-driver|neo4j-driver|memcached|memjs|amqplib|kafkajs|nats|mqtt|@elastic|couchbase|nano|rethinkdb)[\\/]/;
const FRAMES = 40;

export function reportDatabases(send: (message: FromRaceHooks) => void): void {
  const prototype = net.Socket.prototype as unknown as { connect: Connect };
  const { connect } = prototype;
  const known = new Set<string>();
  prototype.connect = function (...args) {
    const driver = DRIVERS.exec(stackText())?.[1];
    if (driver !== undefined) {
      const name = `${driver} at ${addressOf(args)}`;
      if (!known.has(name)) send({ is: 'touched', what: 'database', name });
      known.add(name);
    }
    return connect.apply(this, args);
  };
}

function stackText(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** The arguments of `connect`, which `net.connect` wraps in a list. */
function addressOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { path, host = 'localhost', port } = first as { path?: string; host?: string; port?: number };
    return path ?? `${host}:${port}`;
  }
  return typeof first === 'number'
    ? `${typeof second === 'string' ? second : 'localhost'}:${first}`
    : String(first);
}
