/** The race finder, as the command line uses it. */
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Consent, RaceEvent, RaceOptions, ScenarioReport } from './report-types.ts';
import type { Scenario } from './scenario/types.ts';

export interface RaceFinder {
  /** Runs one scenario; resolves with its report, also after stop(). Rejects with a ServerError if the app did not start. */
  run(scenario: Scenario): Promise<ScenarioReport>;
  /** Ends with what was found so far. */
  stop(): void;
  close(): Promise<void>;
}

export function createRaceFinder(
  _config: ServerConfig,
  _options: RaceOptions,
  _parts: { emit(event: RaceEvent): void; consent: Consent },
): RaceFinder {
  throw new ServerError('INTERNAL', 'The race finder is not part of this build.');
}
