/** The connection to a driver: JSON lines over stdin and stdout, or messages over Node's IPC channel. */
import type { Readable } from 'node:stream';
import { badCommand, type ServerError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION, type ServerEvent } from '../../protocol/messages.ts';
import { BufferedOutput, type OutputOptions } from './buffered-output.ts';
import { LineReader } from './line-reader.ts';

export interface Channel {
  send(event: ServerEvent): void;
  /** Resolves when the driver has taken everything, or after a second. Nothing is received after that. */
  close(): Promise<void>;
}

/** Handles what the driver sends. */
export interface Receiver {
  /** A message, of any shape. */
  message(input: unknown): void;
  /** A line that is not a message. */
  malformed(error: ServerError): void;
  /** The driver has exited or closed its side. */
  disconnected(): void;
}

/** Messages that may wait for the driver. One that is further behind has stopped reading. */
const MAX_WAITING = 20_000;

/** One JSON object per line, each with `v`. */
export function jsonLines(stdin: Readable, streams: OutputOptions['streams'], receiver: Receiver): Channel {
  const output = new BufferedOutput({
    streams,
    dropped: (count) => line(droppedNotice(count)),
    disconnected: () => receiver.disconnected(),
  });
  const malformed = (why: string): void => receiver.malformed(badCommand(why));
  const reader = new LineReader((text) => {
    const input = parse(text);
    if (input === undefined) malformed(`The line is not JSON: ${text.slice(0, 100)}`);
    else receiver.message(input);
  }, malformed);
  stdin.on('data', (chunk: Buffer) => reader.feed(chunk));
  stdin.on('end', () => {
    reader.end();
    receiver.disconnected();
  });
  stdin.on('error', () => receiver.disconnected());
  return {
    send: (event) => output.write(line(event), 'stdout', isDroppable(event)),
    close: () => {
      stdin.destroy();
      return output.close();
    },
  };
}

/** The parts of `process` that are used, as in a child process with an IPC channel. */
export interface IpcProcess {
  send?(message: object, handle: undefined, options: undefined, done: (error: Error | null) => void): boolean;
  disconnect?(): void;
  readonly connected?: boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** The same messages as objects, each with `v`. */
export function nodeIpc(child: IpcProcess, receiver: Receiver): Channel {
  let waiting = 0;
  let dropped = 0;
  let emptied = (): void => {};
  const sent = (): void => {
    waiting -= 1;
    if (waiting === 0) emptied();
  };
  const send = (event: ServerEvent): void => {
    if (!child.connected) return;
    waiting += 1;
    child.send?.({ v: PROTOCOL_VERSION, ...event }, undefined, undefined, sent);
  };
  child.on('message', (message) => receiver.message(message));
  child.on('disconnect', () => receiver.disconnected());
  return {
    send: (event) => {
      const behind = waiting > MAX_WAITING;
      if (behind && isDroppable(event)) {
        dropped += 1;
        return;
      }
      if (!behind && dropped > 0) {
        send(droppedNotice(dropped));
        dropped = 0;
      }
      send(event);
    },
    close: async () => {
      if (child.connected && waiting > 0) {
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, 1000);
          emptied = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      if (child.connected) child.disconnect?.();
    },
  };
}

/** Events of which there can be any number. All others are few and are never dropped. */
function isDroppable({ type }: ServerEvent): boolean {
  return type === 'request' || type === 'log' || type === 'worker';
}

function droppedNotice(count: number): ServerEvent {
  const text = `${count} events were dropped because they were not read in time.`;
  return { type: 'log', level: 'warn', source: 'server', text };
}

function line(event: ServerEvent): string {
  return `${JSON.stringify({ v: PROTOCOL_VERSION, ...event })}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
