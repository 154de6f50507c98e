/** Short forms for the tests of scenarios. */
import assert from 'node:assert/strict';
import { parseScenario } from '../../../src/races/scenario/parse-scenario.ts';
import { problemText } from '../../../src/races/scenario/place.ts';
import { buildRequest } from '../../../src/races/scenario/to-request.ts';
import { type TrialContext, trialContext } from '../../../src/races/scenario/trial-context.ts';
import type { Scenario } from '../../../src/races/scenario/types.ts';

/** 2 January 2030, 03:04:05 UTC, in ms. */
export const NOW = Date.UTC(2030, 0, 2, 3, 4, 5);

/** The scenario of these lines, which must be without a mistake. */
export function scenarioOf(...lines: string[]): Scenario {
  const { scenario, problems } = parseScenario(lines.join('\n'), 'a.http');
  assert.deepEqual(problems.map(problemText), []);
  return scenario!;
}

/** The messages about these lines, without the name of the file. */
export function mistakesOf(...lines: string[]): string[] {
  const { scenario, problems } = parseScenario(lines.join('\n'), 'a.http');
  assert.equal(scenario === undefined, problems.length > 0);
  return problems.map(problemText).map((text) => text.replace(/^a\.http:/, ''));
}

/** A file in which only `lines` can be wrong. They begin in line 5. */
export function mistakesBelow(...lines: string[]): string[] {
  return mistakesOf('# @together 2', 'POST /group', '', '###', ...lines);
}

export function trialOf(scenario: Scenario, environment: Record<string, string> = {}): TrialContext {
  const lookup = (key: string): string | undefined => environment[key];
  return trialContext(scenario, { seed: 1, now: NOW, dotenv: lookup, processEnv: lookup });
}

export function sentBy(scenario: Scenario, index: number, trial = trialOf(scenario)) {
  const { body, ...head } = buildRequest(scenario.requests[index]!, trial.of(scenario.requests[index]!));
  return { ...head, body: body.toString() };
}
