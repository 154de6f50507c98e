/** The command `races`, from its arguments to its exit code. */
import path from 'node:path';
import { endSoon } from '../../engine/process/orphans/exit-watchdog.ts';
import { watchParent } from '../../engine/process/orphans/parent-watch.ts';
import { ServerError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';
import { createRaceFinder } from '../../races/find-races.ts';
import type { Touched } from '../../races/report-types.ts';
import { readScenarios } from '../../races/scenario/read-scenario.ts';
import { misuse } from '../arguments/misuse.ts';
import { thisSystem } from '../arguments/system.ts';
import { EXIT_OK, EXIT_USAGE } from '../exit-code.ts';
import { onEndSignals } from '../lifetime.ts';
import { ownStdout } from '../output/own-stdout.ts';
import { usageText } from '../output/usage-error.ts';
import { ask } from './consent.ts';
import { JsonView } from './json-view.ts';
import { createRaceParser } from './options.ts';
import { parseRaceArguments, type RaceInvocation } from './parse-race-arguments.ts';
import { replayCommand } from './replay-command.ts';
import { ScenarioRun } from './run-scenarios.ts';
import { ERASE_LINE, TerminalView } from './terminal-view.ts';
import { tokenProblems } from './token-problems.ts';
import type { RaceView } from './view.ts';

/** How long an end may take that nobody can hurry, in ms. */
const HARD_EXIT_MS = 5000;

export interface RaceParts {
  createRaceFinder: typeof createRaceFinder;
}

/**
 * Resolves with the exit code when all output was written. Never rejects, except by a bug.
 *
 * @param argv the words after `races`
 */
export async function races(
  argv: readonly string[],
  parts: RaceParts = { createRaceFinder },
): Promise<number> {
  let invocation: RaceInvocation | 'help';
  try {
    invocation = parseRaceArguments(argv, thisSystem());
  } catch (error) {
    return refuse(error, argv);
  }
  if (invocation === 'help') {
    createRaceParser().outputHelp();
    return EXIT_OK;
  }
  const read = await readScenarios(invocation.scenarios, process.cwd());
  if (read.missing[0] !== undefined) return refuse(misuse(read.missing.join(' ')), argv);
  if (invocation.options.replay !== undefined && read.problems.length === 0 && read.scenarios.length > 1)
    return refuse(misuse('--replay takes one scenario, the one of the token.'), argv);
  return find(invocation, read, parts);
}

type Read = Awaited<ReturnType<typeof readScenarios>>;

async function find(invocation: RaceInvocation, read: Read, parts: RaceParts): Promise<number> {
  // What the app writes past its own output must not get between the lines; it is not shown.
  const own = ownStdout(true, () => {});
  const aborted = new AbortController();
  let presses = 0;
  const stop = (): void => {
    presses += 1;
    if (presses > 1) exit(run.exitCode);
    aborted.abort();
    view.stopping();
    run.interrupt();
  };
  const limitEnd = (): void => {
    setTimeout(() => exit(run.exitCode), HARD_EXIT_MS).unref();
    aborted.abort();
  };
  const stopSoon = (): void => {
    limitEnd();
    run.interrupt();
  };
  const view = createView(invocation, stopSoon);
  const run = new ScenarioRun({
    scenarios: read.scenarios,
    create: ({ emit, consent }) =>
      parts.createRaceFinder(invocation.config, invocation.options, {
        emit,
        consent: (touched) => consent(touched.map((one) => asTyped(one, invocation.config.cwd))),
      }),
    view,
    ask: asker(invocation, view, aborted.signal),
    writeTest: invocation.writeTest,
  });
  const problems = [...read.problems, ...read.scenarios.flatMap(({ scenario }) => tokenProblems(scenario))];
  let code = EXIT_USAGE;
  if (problems.length > 0) view.problems(problems);
  else {
    for (const note of read.notes)
      view.event({ type: 'note', text: `${note.file}:${note.line}: ${note.what}.` }, note.file);
    onEndSignals(stop);
    watchParent(stopSoon);
    process.on('uncaughtException', (error) => {
      limitEnd();
      run.fail(error);
    });
    code = await run.run();
  }
  await view.close();
  await own.close();
  endSoon();
  return code;
}

function createView(invocation: RaceInvocation, disconnected: () => void): RaceView {
  const { stdout, stderr, env, platform, argv } = process;
  const streams = { stdout, stderr };
  if (invocation.json) return new JsonView(streams, disconnected);
  const shell = { platform, program: argv[1] ?? '', cwd: process.cwd() };
  return new TerminalView({
    streams,
    env,
    color: invocation.color,
    isReplay: invocation.options.replay !== undefined,
    writesTest: invocation.writeTest,
    replayCommand: (token, file) => replayCommand({ token, file, repeated: invocation.repeated }, shell),
    disconnected,
  });
}

/** A file as `--state` takes it: relative to the current folder, not to the app's. */
function asTyped(touched: Touched, folder: string): Touched {
  if (touched.what !== 'file') return touched;
  return { what: 'file', name: path.relative(process.cwd(), path.resolve(folder, touched.name)) || '.' };
}

/** Someone can be asked only where both the question and the answer are on a terminal. */
function asker(
  { json }: RaceInvocation,
  view: RaceView,
  signal: AbortSignal,
): ((touched: readonly Touched[]) => Promise<boolean>) | undefined {
  const { stdin, stderr } = process;
  if (json || stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  return async (touched) => {
    await view.close();
    return ask(touched, { input: stdin, output: stderr, signal });
  };
}

/** Ends at once, without what a view still has to say. */
function exit(code: number): never {
  if (process.stderr.isTTY) process.stderr.write(ERASE_LINE);
  endSoon();
  process.exit(code);
}

function refuse(error: unknown, argv: readonly string[]): number {
  if (!(error instanceof ServerError)) throw error;
  const wire = error.toWire();
  process.stderr.write(usageText(wire, 'races --help'));
  const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  if (own.includes('--json'))
    process.stdout.write(`${JSON.stringify({ v: PROTOCOL_VERSION, type: 'error', error: wire })}\n`);
  return EXIT_USAGE;
}
