/** The contract holds for every kind of worker: what it says is tested once for each. */
import path from 'node:path';
import { describe } from 'node:test';
import { MODES, type Mode } from '../../src/protocol/config.ts';
import type { WorkerState } from '../../src/protocol/messages.ts';
import { type Cli, type CliOptions, startCli } from '../support/cli.ts';

/** Starts a program of test/fixtures under the command line; it ends with the test file at the latest. */
export type Start = (app: string, args?: readonly string[], options?: CliOptions) => Promise<Cli>;

/** Defines the tests once for each kind of worker. */
export function forEachMode(define: (start: Start, mode: Mode) => void): void {
  for (const mode of MODES) {
    describe(`with ${mode} workers`, () => {
      define(
        (app, args = [], options = {}) => started([fixture(app), '--mode', mode, ...args], options),
        mode,
      );
    });
  }
}

/** The file of a program in test/fixtures. */
export function fixture(name: string): string {
  return path.resolve('test/fixtures', name);
}

/** Resolves once a worker accepts, so that what a test measures is not the start. */
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

/** Resolves once `count` workers are known to be stuck. */
export async function blockedWorkers(cli: Cli, count: number): Promise<void> {
  await cli.waitFor(() => inState(cli, 'blocked') >= count, { what: `${count} blocked workers` });
}

/** How many workers last said that they are in this state. */
export function inState(cli: Cli, state: WorkerState): number {
  const states = new Map(cli.ofType('worker').map((worker) => [worker.id, worker.state]));
  return [...states.values()].filter((last) => last === state).length;
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
