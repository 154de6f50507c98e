/** Runs one server from start to exit, and connects it to a terminal or a driver. */
import { noTerminal, ownTerminal } from '../engine/app/terminal.ts';
import { endSoon } from '../engine/process/orphans/exit-watchdog.ts';
import { watchParent } from '../engine/process/orphans/parent-watch.ts';
import { createEngine } from '../engine/server.ts';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError, type WireError } from '../protocol/errors.ts';
import type { Engine, ServerEvent } from '../protocol/messages.ts';
import type { View } from './arguments/parse-arguments.ts';
import { EXIT_FAILED, exitCodeOf } from './exit-code.ts';
import { handleMessage } from './handle-message.ts';
import type { KeyTarget } from './keyboard.ts';
import { Lifetime, onEndSignals } from './lifetime.ts';
import { type Channel, jsonLines, nodeIpc, type Receiver } from './output/driver-channel.ts';
import { ownStdout } from './output/own-stdout.ts';
import { Terminal } from './output/terminal.ts';

const DRAINING = 'stopping when open requests are done; press Ctrl-C again to stop now';

type Stopped = Extract<ServerEvent, { type: 'stopped' }>;

/** Resolves with the exit code when the server has stopped and all output was written. Never rejects. */
export async function run(config: ServerConfig, view: View, version: string): Promise<number> {
  const own = ownStdout(view.kind !== 'ipc', (text) =>
    channel.send({ type: 'log', level: 'info', source: 'stdout', text }),
  );
  const keys = view.kind === 'terminal' && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const engine = createEngine(config, view.kind === 'terminal' ? ownTerminal(process) : noTerminal);
  const lifetime = new Lifetime(engine, {
    draining: () => {
      if (view.kind === 'terminal') channel.send(note(DRAINING));
    },
    exit: () => {
      endSoon();
      process.exit(EXIT_FAILED);
    },
    stopTimeoutMs: config.stopTimeoutMs,
  });
  const channel = openChannel({ config, view, version, keys }, engine, lifetime);
  let url = '';
  const stopped = new Promise<Stopped>((resolve) => {
    engine.on((event) => {
      // A driver that runs with --quiet gets no event per request.
      const wanted = event.type !== 'request' || view.kind === 'terminal' || view.detail !== 'quiet';
      if (wanted) channel.send(event);
      if (event.type === 'ready') url = event.url;
      else if (event.type === 'stopped') resolve(event);
    });
  });
  onEndSignals(() => lifetime.signal());
  watchParent(() => lifetime.stop('parent gone'));
  process.on('uncaughtException', (error) => {
    channel.send({ type: 'error', error: describe(error) });
    lifetime.stop('failed', true);
  });
  const end = await lifetime.start().then(
    async () => {
      const release = await interact(
        { url, view, keys, delay: config.randomDelay },
        engine,
        channel,
        lifetime,
      );
      const event = await stopped;
      release();
      return event;
    },
    (error: unknown) => failedStart(describe(error), channel),
  );
  await channel.close();
  await own.close();
  endSoon();
  return end.reason === 'failed' && end.error === undefined ? EXIT_FAILED : exitCodeOf(end.error);
}

function failedStart(error: WireError, channel: Channel): Stopped {
  const event: Stopped = { type: 'stopped', reason: 'failed', error };
  channel.send({ type: 'error', error });
  channel.send(event);
  return event;
}

interface ChannelOptions {
  config: ServerConfig;
  view: View;
  version: string;
  keys: boolean;
}

function openChannel(
  { config, view, version, keys }: ChannelOptions,
  engine: Engine,
  lifetime: Lifetime,
): Channel {
  const { stdin, stdout, stderr, env } = process;
  const streams = { stdout, stderr };
  const disconnected = (): void => lifetime.stop('parent gone');
  if (view.kind === 'terminal')
    return new Terminal({ streams, env, view, config, version, keys, disconnected });
  const send = (event: ServerEvent): void => channel.send(event);
  const receiver: Receiver = {
    disconnected,
    malformed: (error) => send({ type: 'error', error: error.toWire() }),
    message: (input) => {
      const { started } = lifetime;
      const stop = (now: boolean): void => lifetime.stop('asked', now);
      void handleMessage(input, { engine, started, send, stop });
    },
  };
  const channel = view.kind === 'ipc' ? nodeIpc(process, receiver) : jsonLines(stdin, streams, receiver);
  return channel;
}

/** Opens the browser and reads keys. Loaded after the start. Resolves with a function that releases the terminal. */
async function interact(
  target: Omit<KeyTarget, 'quit'> & { view: View; keys: boolean },
  engine: Engine,
  channel: Channel,
  lifetime: Lifetime,
): Promise<() => void> {
  const { view, keys, url } = target;
  if (!keys && !view.open) return () => {};
  const { open, startKeys } = await import('./keyboard.ts');
  if (view.open) open(url, channel);
  return keys ? startKeys({ ...target, quit: () => lifetime.signal() }, engine, channel) : () => {};
}

/** Describes any thrown value. One that is not a ServerError is a bug, so it is reported with its stack. */
function describe(error: unknown): WireError {
  const wire = ServerError.from(error).toWire();
  if (error instanceof ServerError || !(error instanceof Error) || error.stack === undefined) return wire;
  return { ...wire, details: { stack: error.stack } };
}

function note(text: string): ServerEvent {
  return { type: 'log', level: 'info', source: 'server', text };
}
