/** Runs the trials of one scenario: restores state before each, counts them, and learns what they write to. */
import path from 'node:path';
import { ServerError } from '../../protocol/errors.ts';
import type { RaceOptions, Touched } from '../report-types.ts';
import { seededRandom, type TrialContext, trialContext } from '../scenario/trial-context.ts';
import { requestsOf, type Scenario, type ScenarioRequest } from '../scenario/types.ts';
import { groupOf, scriptOf } from '../script-of.ts';
import { Habits } from '../trials/habits.ts';
import { runResetCommand } from '../trials/reset-command.ts';
import { runTrial } from '../trials/run-trial.ts';
import { SavedState } from '../trials/saved-state.ts';
import type { Spares } from '../trials/spares.ts';
import type { TrialServer } from '../trials/trial-server.ts';
import type { TrialWorker } from '../trials/trial-worker.ts';
import type { HookMessages } from '../trials/worker-messages.ts';
import type { Schedule, TrialResult } from '../types.ts';
import { titleOf } from './scene-of.ts';

/** A person may stand at a breakpoint. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
/** In so many trials the workers are looked at before they end. */
const INSPECTED = 4;

export interface RunnerParts {
  scenario: Scenario;
  options: RaceOptions;
  server: TrialServer;
  hooks: HookMessages;
  spares: Spares;
  dotenv(key: string): string | undefined;
  /** Looks at the workers of the first trials before they end. */
  inspect(workers: readonly TrialWorker[]): Promise<void>;
}

export class TrialRunner {
  #parts: RunnerParts;
  #state: SavedState;
  #habits = new Habits();
  #count = 0;
  #unknown = 0;
  #complaints = new Set<string>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#state = new SavedState(parts.options.states);
  }

  /** Trials that were run. */
  get count(): number {
    return this.#count;
  }

  /** Boundaries of no known request, over all trials. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Something is sent to warm workers up. */
  get warms(): boolean {
    const { scenario, options } = this.#parts;
    return scriptOf(scenario, [], options.timeoutMs).warm.length > 0;
  }

  /** What went wrong outside of the group and its probes, a line each. */
  get complaints(): string[] {
    return [...this.#complaints];
  }

  /** Something restores what trials write: then a worker must start after it, and can't be started ahead. */
  get restores(): boolean {
    const { options, scenario } = this.#parts;
    return options.states.length > 0 || options.resets.length > 0 || requestsOf(scenario, 'reset').length > 0;
  }

  /** What is not among what the person said is restored. */
  uncovered(touched: readonly Touched[]): Touched[] {
    const { options, scenario, server } = this.#parts;
    if (options.resets.length > 0 || requestsOf(scenario, 'reset').length > 0) return [];
    const isCovered = ({ what, name }: Touched): boolean => {
      const file = path.resolve(server.app.config.cwd, name);
      return what === 'file' && options.states.some((state) => isIn(file, state));
    };
    return touched.filter((one) => !isCovered(one));
  }

  async open(): Promise<void> {
    await this.#state.save();
  }

  async close(): Promise<void> {
    if (this.#parts.options.states.length > 0) await this.#state.restore().catch(() => {});
    await this.#state.close();
  }

  /**
   * Requests in the schedule and in the result are those of the whole group. Rejects if the app does not start.
   * @param inspected its workers wait for a debugger
   */
  async trial(schedule: Schedule, inspected = false): Promise<TrialResult> {
    const { scenario, options, server, hooks, spares, inspect } = this.#parts;
    const members = schedule.members ?? groupOf(scenario).map((_entry, index) => index);
    const script = scriptOf(scenario, members, inspected ? NO_TIMEOUT_MS : options.timeoutMs);
    const writes = script.warm.some(({ index }) => !isSafe(scenario.requests[index]!.method));
    this.#count += 1;
    const result = await runTrial(
      {
        ...{ server, hooks, spares, script, habits: this.#habits, inspected },
        restoring: {
          beforeStart: () => this.#restoreBefore(),
          beforeSetup: () => this.#restoreAfter(schedule.warm && writes),
        },
        references: () => this.#references(),
        inspect: this.#count > INSPECTED ? () => Promise.resolve() : inspect,
      },
      {
        ...schedule,
        ...(schedule.serial && { serial: schedule.serial.map((member) => members.indexOf(member)) }),
        pauses: schedule.pauses
          .filter(({ request }) => members.includes(request))
          .map((pause) => ({ ...pause, request: members.indexOf(pause.request) })),
      },
    );
    this.#unknown += result.unknown;
    for (const { request, status, failure } of result.prepared) {
      if (failure !== undefined || status >= 400)
        this.#complain(scenario.requests[request]!, failure ?? status);
    }
    return {
      ...result,
      schedule,
      reached: result.reached.map((pause) => ({ ...pause, request: members[pause.request]! })),
      steps: result.steps.map((step) => ({ ...step, request: members[step.request]! })),
    };
  }

  /** A setup that fails is most often a mistake of the scenario. */
  #complain(request: ScenarioRequest, what: string | number): void {
    const { role, line } = request;
    const answer = typeof what === 'number' ? `answers ${what}` : `has no answer (${what})`;
    this.#complaints.add(`\`${titleOf(request)}\` (line ${line}, ${role}) ${answer}.`);
  }

  #references(): TrialContext {
    const { scenario, options, dotenv } = this.#parts;
    const processEnv = (key: string): string | undefined => process.env[key];
    return trialContext(scenario, { seed: options.seed, now: Date.now(), dotenv, processEnv });
  }

  /** An app may load at its start what it will work on. The first time, it may also have to make it: then commands fail. */
  async #restoreBefore(): Promise<void> {
    await this.#state.restore();
    await this.#runResets().catch(() => {});
  }

  /** @param dirty the warm-up may have written */
  async #restoreAfter(dirty: boolean): Promise<void> {
    if (dirty) await this.#state.restore();
    await this.#runResets();
  }

  /** Rejects with a ServerError that has the last line of the command that failed. */
  async #runResets(): Promise<void> {
    const { options, server } = this.#parts;
    const env = { ...process.env, PORT: String(server.port) };
    for (const command of options.resets) {
      const failure = await runResetCommand(command, server.app.config.cwd, env);
      if (failure === undefined) continue;
      throw new ServerError('BAD_CONFIG', `The command of --reset failed: ${command}`, { hint: failure });
    }
  }
}

export function randomOf(seed: number, what: string): () => number {
  return seededRandom(`${seed} ${what}`);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function isIn(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
