/** What references mean in one trial. Random values depend on the seed and on who asks, never on the order of asking. */
import { createHash } from 'node:crypto';
import { type Answer, type ExpandContext, expand } from './expand.ts';
import type { FileVariable, Scenario, ScenarioRequest } from './types.ts';

export interface TrialOptions {
  /** The same seed gives the same random values. */
  seed: string | number;
  /** The time of the trial, in ms since 1970. */
  now: number;
  dotenv(key: string): string | undefined;
  processEnv(key: string): string | undefined;
}

export interface TrialContext {
  /** Answers by the name of their request; the sender adds each as it arrives. */
  responses: Map<string, Answer>;
  /**
   * The context of one copy of a request; copies count from 0. A copy that is sent twice in a trial is built from two
   * contexts with the same values.
   */
  of(request: ScenarioRequest, copy?: number): ExpandContext;
}

/** A variable of the file has one value in a trial: two requests with `@id = {{$guid}}` send the same id. */
export function trialContext({ variables }: Scenario, options: TrialOptions): TrialContext {
  const responses = new Map<string, Answer>();
  const values = new Map<FileVariable, string>();
  const contextOf = (asker: string): ExpandContext => ({
    ...options,
    variables,
    responses,
    random: seededRandom(`${options.seed} ${asker}`),
    variableValue(variable) {
      const value =
        values.get(variable) ??
        expand(variable.value, contextOf(`variable ${variable.name} ${variable.line}`));
      values.set(variable, value);
      return value;
    },
  });
  return { responses, of: ({ index }, copy = 0) => contextOf(`request ${index} ${copy}`) };
}

/** Numbers from 0 to below 1, of 48 bits, from a hash of the seed and a counter. */
export function seededRandom(seed: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed} ${count}`).digest().readUIntBE(0, 6) / 2 ** 48;
  };
}
