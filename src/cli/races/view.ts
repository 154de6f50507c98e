/** What the command line shows of a run over scenarios. */
import type { WireError } from '../../protocol/errors.ts';
import type { RaceEvent, ScenarioReport, Touched } from '../../races/report-types.ts';
import type { Problem } from '../../races/scenario/place.ts';

export interface RaceView {
  event(event: RaceEvent, file: string): void;
  report(report: ScenarioReport): void;
  problems(problems: readonly Problem[]): void;
  /** @param file the scenario that it is about, if it is about one */
  error(error: WireError, file?: string): void;
  /**
   * The trials were not run, because they would write to these.
   *
   * @param asked whether a person has seen them and said no
   */
  refused(touched: readonly Touched[], file: string, asked: boolean): void;
  /** The scenario has these tokens from now on; none if it had them before. */
  written(tokens: readonly string[], file: string): void;
  /** The person asked to end; reports are still to come. */
  stopping(): void;
  /** Resolves when all output has been taken. */
  close(): Promise<void>;
}
