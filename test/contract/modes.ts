/** The contract holds for every kind of worker, so each test runs once per kind. */
import path from 'node:path';
import { describe } from 'node:test';
import { MODES, type Mode } from '../../src/protocol/config.ts';
import type { WorkerState } from '../../src/protocol/messages.ts';
import { type Cli, type CliOptions, startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';

/** Starts a program of test/fixtures under the command line; it ends with the test file at the latest. */
type Start = (app: string, args?: readonly string[], options?: CliOptions) => Promise<Cli>;

/** The app's runtime in a worker. */
export const SPEECHES = ['node', 'wsgi', 'asgi'] as const;
export type Speech = (typeof SPEECHES)[number];

/**
 * Defines the tests once per kind of worker, for the kinds that have the app: NAME.cjs for Node, python/wsgi/NAME.py
 * and python/asgi/NAME.py for Python.
 */
export function forEachMode(define: Define): void;
export function forEachMode(speeches: readonly Speech[], define: Define): void;
export function forEachMode(first: Define | readonly Speech[], second?: Define): void {
  const [speeches, define] = typeof first === 'function' ? [['node'] as const, first] : [first, second!];
  for (const speech of speeches.filter(isTested)) {
    // Both modes run at the same time, because tests mostly wait; within a mode, tests run one after another.
    describe(`on ${speech}`, { concurrency: MODES.length }, () => {
      for (const mode of MODES) {
        describe(`with ${mode} workers`, { concurrency: 1 }, () => {
          define(
            (app, args = [], options = {}) => started(commandLine(app, args, mode, speech), options),
            mode,
            speech,
          );
        });
      }
    });
  }
}

/** On a second Node, only the tests that run on Node are repeated; see test/run.mjs. */
export function isTested(speech: Speech): boolean {
  const { CONCURRENT_SERVER_TEST_SPEECHES: only } = process.env;
  return only === undefined || only.split(',').includes(speech);
}

type Define = (start: Start, mode: Mode, speech: Speech) => void;

/** The arguments of a command line that starts a program of test/fixtures. */
export function commandLine(app: string, args: readonly string[], mode: Mode, speech: Speech): string[] {
  if (speech === 'node') return [fixture(app), '--mode', mode, ...args];
  const file = fixture(`python/${speech}/${app.replace(/\.cjs$/, '.py')}`);
  return [file, '--mode', mode, '--python', testPython(), ...(mode === 'thread' ? asProcesses(args) : args)];
}

/** In thread mode a Python worker is a process, and there are exactly as many as configured. */
function asProcesses(args: readonly string[]): string[] {
  return args.flatMap((word, at) => {
    if (word === '--max-workers' || args[at - 1] === '--max-workers') return [];
    return word === '--workers' ? '--processes' : word;
  });
}

/** The file of a program in test/fixtures. */
export function fixture(name: string): string {
  return path.resolve('test/fixtures', name);
}

/** Resolves once a worker accepts, so that a test does not measure the start. */
async function started(args: readonly string[], options: CliOptions): Promise<Cli> {
  const cli = startCli(args, options);
  await cli.ready;
  await cli.waitFor((event) => event.type === 'worker' && event.state === 'idle', {
    what: 'a worker that accepts',
  });
  return cli;
}

/** Resolves once `count` workers accept and are idle. */
export async function idleWorkers(cli: Cli, count: number): Promise<void> {
  await cli.waitFor(() => inState(cli, 'idle') >= count, { what: `${count} idle workers` });
}

/** Resolves once `count` workers are known to be blocked, or busy if they take one request at a time. */
export async function blockedWorkers(cli: Cli, count: number, speech: Speech = 'node'): Promise<void> {
  const state = speech === 'wsgi' ? 'busy' : 'blocked';
  await cli.waitFor(() => inState(cli, state) >= count, { what: `${count} ${state} workers` });
}

/** How many workers last reported this state. */
function inState(cli: Cli, state: WorkerState): number {
  const states = new Map(cli.ofType('worker').map((worker) => [worker.id, worker.state]));
  return [...states.values()].filter((last) => last === state).length;
}

/**
 * Resolves once the app reports, in an event after the first `from`, that it has started a request. Before that, a
 * worker that looks blocked for a moment may lose the request to another one.
 */
export async function requestStarted(cli: Cli, from: number): Promise<void> {
  await cli.waitFor((event) => event.type === 'log' && event.text.includes('request started'), {
    from,
    what: 'request started',
  });
}

/** Resolves once `count` requests have arrived and are not answered yet. */
export async function requestsInFlight(cli: Cli, count: number): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const status = await cli.ask({ type: 'status' });
    if (status.type === 'status' && status.inFlight === count) return;
    if (performance.now() > deadline) throw new Error(`Not ${count} requests in flight within 15 s`);
  }
}
