/** The command line, from its arguments to its exit code. */
import { version } from '../../package.json';
import { ServerError } from '../protocol/errors.ts';
import {
  type Invocation,
  parseArguments,
  parseStartMessage,
  type View,
} from './arguments/parse-arguments.ts';
import { thisSystem } from './arguments/system.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-code.ts';

/** Resolves with the exit code when all output was written. */
export async function main(argv: readonly string[]): Promise<number> {
  // As the first word it is the command; `./races` is a file.
  if (argv[0] === 'races') {
    const { races } = await import('./races/main.ts');
    return races(argv.slice(1));
  }
  let invocation: Invocation;
  try {
    invocation = parseArguments(argv, thisSystem());
  } catch (error) {
    return refuse(error, argv);
  }
  switch (invocation.do) {
    case 'help': {
      const { createParser } = await import('./arguments/options.ts');
      createParser().outputHelp();
      return EXIT_OK;
    }
    case 'version':
      process.stdout.write(`${version}\n`);
      return EXIT_OK;
    case 'clean up': {
      const { cleanUp } = await import('./clean-up.ts');
      return cleanUp(invocation.json);
    }
    case 'run': {
      const { run } = await import('./run.ts');
      return run(invocation.config, invocation.view, version);
    }
    case 'await start':
      return awaitStart(invocation.view, invocation.cwd);
  }
}

/** Waits for the `start` message and runs its server. `run` listens before the next message, which may follow at once. */
async function awaitStart(view: View, cwd: string): Promise<number> {
  const { run } = await import('./run.ts');
  return new Promise((resolve) => {
    const disconnected = (): void => resolve(EXIT_FAILED);
    process.once('disconnect', disconnected);
    process.once('message', (message) => {
      process.off('disconnect', disconnected);
      try {
        resolve(run(parseStartMessage(message, { ...thisSystem(), cwd }), view, version));
      } catch (error) {
        resolve(refuseStart(error));
      }
    });
  });
}

async function refuseStart(error: unknown): Promise<number> {
  if (!(error instanceof ServerError)) throw error;
  await sendEvents(error);
  return EXIT_USAGE;
}

async function refuse(error: unknown, argv: readonly string[]): Promise<number> {
  if (!(error instanceof ServerError)) throw error;
  const { usageText, usageEvents } = await import('./output/usage-error.ts');
  const wire = error.toWire();
  process.stderr.write(usageText(wire));
  const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  if (own.includes('--json')) {
    for (const event of usageEvents(wire)) process.stdout.write(`${JSON.stringify(event)}\n`);
  }
  if (own.includes('--ipc')) await sendEvents(error);
  return EXIT_USAGE;
}

/** Sends a driver over IPC the events of a server that never started. */
async function sendEvents(error: ServerError): Promise<void> {
  const { usageEvents } = await import('./output/usage-error.ts');
  for (const event of usageEvents(error.toWire())) process.send?.(event);
  // The IPC channel to the parent would keep the process running.
  process.channel?.unref();
}
