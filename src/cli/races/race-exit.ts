/** The exit code of `races`. Pure. */
import type { WireError } from '../../protocol/errors.ts';
import type { Verdict } from '../../races/report-types.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '../exit-code.ts';

const EXIT_RACE = EXIT_FAILED;
const EXIT_UNDECIDED = 3;
/** As a shell reports a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

/** What came of one scenario. `failed`: the app did not start. `refused`: an option or the scenario is wrong. */
export type ScenarioEnd = Verdict | 'failed' | 'refused';

/** @param interrupted the person ended the run early */
export function raceExitCode(ends: readonly ScenarioEnd[], interrupted: boolean): number {
  if (ends.includes('race')) return EXIT_RACE;
  if (interrupted) return EXIT_INTERRUPTED;
  if (ends.includes('refused')) return EXIT_USAGE;
  return ends.some((end) => end !== 'none') ? EXIT_UNDECIDED : EXIT_OK;
}

export function endOf({ code }: WireError): ScenarioEnd {
  return code === 'BAD_CONFIG' || code === 'BAD_SCENARIO' ? 'refused' : 'failed';
}
