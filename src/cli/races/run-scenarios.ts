/** Runs scenarios one after the other, and decides the exit code. */
import { ServerError, type WireError } from '../../protocol/errors.ts';
import type { RaceFinder } from '../../races/find-races.ts';
import { counts } from '../../races/report/words.ts';
import type { RaceEvent, ScenarioReport, Touched } from '../../races/report-types.ts';
import type { ReadScenarios } from '../../races/scenario/read-scenario.ts';
import { endOf, raceExitCode, type ScenarioEnd } from './race-exit.ts';
import type { RaceView } from './view.ts';
import { writeSchedules } from './write-test.ts';

export interface RunOptions {
  scenarios: ReadScenarios['scenarios'];
  /** Throws a ServerError if the options are wrong. */
  create(parts: {
    emit(event: RaceEvent): void;
    consent(touched: readonly Touched[]): Promise<boolean>;
  }): RaceFinder;
  view: RaceView;
  /** Asks the person; undefined if nobody can be asked. */
  ask: ((touched: readonly Touched[]) => Promise<boolean>) | undefined;
  writeTest: boolean;
}

export class ScenarioRun {
  #options: RunOptions;
  #finder: RaceFinder | undefined;
  #file = '';
  #ends: ScenarioEnd[] = [];
  /** A race of the scenario that runs now. */
  #found = false;
  #refused = false;
  /** A question is on the screen. */
  #asking = false;
  #ending = false;
  /** The person asked for the end. */
  #interrupted = false;
  /** What the person has agreed to. */
  #agreed = new Set<string>();

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** The exit code as far as is known. */
  get exitCode(): number {
    return raceExitCode(this.#found ? [...this.#ends, 'race'] : this.#ends, this.#interrupted);
  }

  /** Resolves with the exit code when all reports were made and nothing runs any more. Never rejects. */
  async run(): Promise<number> {
    const { scenarios, create, view } = this.#options;
    try {
      this.#finder = create({
        emit: (event) => this.#event(event),
        consent: (touched) => this.#consent(touched),
      });
      for (const scenario of scenarios) {
        // Without an app the others can't run either.
        if (this.#ending || this.#ends.includes('failed')) break;
        await this.#one(this.#finder, scenario);
      }
    } catch (error) {
      this.#failed(error, undefined);
    }
    await this.#finder?.close().catch((error: unknown) => {
      // An app that did not start was reported already.
      if (!this.#ends.includes('failed')) view.error(describe(error));
    });
    return this.exitCode;
  }

  /** Ends with what was found so far. */
  interrupt(): void {
    this.#interrupted = true;
    this.#end();
  }

  /** Something threw where nobody caught it: a bug. */
  fail(error: unknown): void {
    this.#failed(error, undefined);
    this.#end();
  }

  #end(): void {
    this.#ending = true;
    this.#finder?.stop();
  }

  async #one(finder: RaceFinder, { scenario, path }: ReadScenarios['scenarios'][number]): Promise<void> {
    const { view, writeTest } = this.#options;
    this.#file = scenario.file;
    this.#found = this.#refused = false;
    let report: ScenarioReport;
    try {
      report = await finder.run(scenario);
    } catch (error) {
      this.#failed(error, scenario.file);
      return;
    } finally {
      this.#file = '';
    }
    this.#found = false;
    // Whatever the finder says of a scenario that it was not allowed to run, it is not "none".
    this.#ends.push(this.#refused && report.verdict === 'none' ? 'undecided' : report.verdict);
    view.report(report);
    const tokens = report.findings.filter(counts).map(({ token }) => token);
    if (!writeTest || tokens.length === 0) return;
    const near = scenario.requests.find(({ role }) => role === 'together')?.line;
    try {
      view.written(await writeSchedules(path, tokens, near), scenario.file);
    } catch (error) {
      const { message } = ServerError.from(error);
      const failure = new ServerError('BAD_SCENARIO', `The scenario could not be written: ${message}`, {
        hint: `Add to it: ${tokens.map((token) => `# @schedule ${token}`).join(', ')}`,
        cause: error,
      });
      view.error(failure.toWire(), scenario.file);
    }
  }

  #event(event: RaceEvent): void {
    if (event.type === 'finding' && counts(event.finding)) this.#found = true;
    if (!this.#asking || event.type !== 'progress') this.#options.view.event(event, this.#file);
  }

  async #consent(touched: readonly Touched[]): Promise<boolean> {
    const { ask, view } = this.#options;
    const news = touched.filter((one) => !this.#agreed.has(keyOf(one)));
    if (news.length === 0) return true;
    this.#asking = true;
    const agrees = ask === undefined ? false : await ask(news);
    this.#asking = false;
    if (agrees) for (const one of news) this.#agreed.add(keyOf(one));
    else {
      this.#refused = true;
      view.refused(news, this.#file, ask !== undefined);
    }
    return agrees;
  }

  #failed(error: unknown, file: string | undefined): void {
    const wire = describe(error);
    // The refusal was explained already, with what to do.
    if (this.#refused) {
      this.#ends.push('undecided');
      return;
    }
    this.#ends.push(endOf(wire));
    this.#options.view.error(wire, file);
  }
}

function keyOf({ what, name }: Touched): string {
  return `${what} ${name}`;
}

/** Describes any thrown value. One that is not a ServerError is a bug, so it is reported with its stack. */
function describe(error: unknown): WireError {
  const wire = asOption(ServerError.from(error).toWire());
  if (error instanceof ServerError || !(error instanceof Error) || error.stack === undefined) return wire;
  return { ...wire, details: { stack: error.stack } };
}

/** Hints name the app as the first word of the command line, where `races` has the scenario. */
function asOption(wire: WireError): WireError {
  const { hint } = wire;
  return hint === undefined
    ? wire
    : { ...wire, hint: hint.replaceAll(/\bconcurrent-server (?!-)/g, '--entry ') };
}
