/** The race finder, as the command line uses it: one server for all scenarios, and a search for each. */
import path from 'node:path';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Consent, RaceEvent, RaceOptions, ScenarioReport, Touched } from './report-types.ts';
import { ExpandError } from './scenario/expand.ts';
import { readDotenv } from './scenario/read-scenario.ts';
import type { Scenario } from './scenario/types.ts';
import { RaceRun } from './search/race-run.ts';
import { filesOpenForWriting } from './search/touched-files.ts';
import { TrialRunner } from './search/trial-runner.ts';
import { Spares } from './trials/spares.ts';
import { TrialServer } from './trials/trial-server.ts';
import type { TrialWorker } from './trials/trial-worker.ts';
import { HookMessages } from './trials/worker-messages.ts';

export interface RaceFinder {
  /** Runs one scenario; resolves with its report, also after stop(). Rejects with a ServerError if the app did not start. */
  run(scenario: Scenario): Promise<ScenarioReport>;
  /** Ends with what was found so far. */
  stop(): void;
  close(): Promise<void>;
}

interface FinderParts {
  emit(event: RaceEvent): void;
  consent: Consent;
}

/** Workers that are started ahead if nothing outside of them is touched. */
const SPARES = 2;

export function createRaceFinder(config: ServerConfig, options: RaceOptions, parts: FinderParts): RaceFinder {
  return new Finder(config, options, parts);
}

class Finder implements RaceFinder {
  #config: ServerConfig;
  #options: RaceOptions;
  #parts: FinderParts;
  #hooks = new HookMessages((_worker, message) => {
    if (message.is === 'touched') this.#touch({ what: message.what, name: message.name });
  });
  #server: Promise<TrialServer> | undefined;
  #touched = new Map<string, Touched>();
  #run: RaceRun | undefined;
  #stopped = false;

  constructor(config: ServerConfig, options: RaceOptions, parts: FinderParts) {
    this.#config = config;
    this.#options = options;
    this.#parts = parts;
  }

  async run(scenario: Scenario): Promise<ScenarioReport> {
    const dotenv = await readDotenv(path.resolve(scenario.file));
    this.#server ??= this.#open();
    const server = await this.#server;
    const spares = new Spares(server.workers);
    const runner = new TrialRunner({
      ...{ scenario, server, spares, dotenv },
      options: this.#options,
      hooks: this.#hooks,
      inspect: (workers) => this.#inspect(workers, server.app.config.cwd),
    });
    const run = new RaceRun({
      ...{ scenario, runner },
      options: this.#options,
      emit: this.#parts.emit,
      mayGoOn: () => this.#mayGoOn(runner, spares),
      abort: () => void server.workers.endAll(),
      shares: () => this.#touched.size > 0,
    });
    this.#run = run;
    if (this.#stopped) run.clock.stop();
    await runner.open();
    try {
      return await run.run();
    } catch (error) {
      if (!(error instanceof ExpandError)) throw error;
      const { file, line } = error.place;
      throw new ServerError('BAD_SCENARIO', `${file}:${line}: ${error.message}.`);
    } finally {
      spares.keep(0);
      await spares.drop();
      await runner.close();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#run?.clock.stop();
  }

  async close(): Promise<void> {
    await (await this.#server)?.close();
  }

  async #open(): Promise<TrialServer> {
    const server = await TrialServer.open(this.#config, {
      emit: (event) => {
        if (event.type === 'log' && event.source === 'stderr') this.#readInspector(event.text);
        if (event.type === 'log' && event.source === 'server' && event.level !== 'debug') {
          this.#parts.emit({ type: 'note', text: event.text });
        }
      },
      race: (worker, message) => this.#hooks.receive(worker, message),
      wrote: (files) => {
        for (const file of files) this.#touchFile(file, server.app.config.cwd);
      },
      moved: (addon) =>
        this.#parts.emit({
          type: 'note',
          text: `Workers are processes, because of the native addon ${addon}.`,
        }),
    });
    return server;
  }

  /** Native databases are seen only in the list of open files. */
  async #inspect(workers: readonly TrialWorker[], cwd: string): Promise<void> {
    const pids = new Set(workers.map(({ managed }) => managed.ownPid ?? process.pid));
    for (const pid of pids) {
      for (const file of await filesOpenForWriting(pid, cwd)) this.#touchFile(file, cwd);
    }
  }

  async #mayGoOn(runner: TrialRunner, spares: Spares): Promise<boolean> {
    // A worker that starts beside a trial could change what the trial works on, or load it half-way.
    spares.keep(runner.restores || this.#touched.size > 0 ? 0 : SPARES);
    const uncovered = runner.uncovered([...this.#touched.values()]);
    return uncovered.length === 0 || this.#options.yes || this.#parts.consent(uncovered);
  }

  /** Node says itself where it waits for a debugger. */
  #readInspector(text: string): void {
    const url = this.#options.inspect ? /Debugger listening on (ws:\/\/\S+)/.exec(text)?.[1] : undefined;
    if (url !== undefined) this.#parts.emit({ type: 'inspect', url });
  }

  #touchFile(file: string, cwd: string): void {
    this.#touch({ what: 'file', name: path.relative(cwd, file).replaceAll('\\', '/') });
  }

  #touch(touched: Touched): void {
    this.#touched.set(`${touched.what} ${touched.name}`, touched);
  }
}
