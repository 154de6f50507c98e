/** The worker's half and the race finder's hooks, which are built apart: they share no module, only these types. */
import type { FromRaceHooks, ToRaceHooks } from '../../../../wire/race-messages.ts';

export interface HookParts {
  /** Absolute path of the app's main module. */
  entry: string;
  /** Absolute path of a folder that keeps marked sources; see mark-cache.ts. */
  cache: string;
  /** Reaches the server also if this worker blocks right after it. */
  send(message: FromRaceHooks): void;
  /** See reports/request-context.ts. */
  currentRequest(): number | undefined;
  runInRequest<T>(request: number, run: () => T): T;
}

export interface RaceHooks {
  receive(message: ToRaceHooks): void;
}

export type InstallHooks = (parts: HookParts) => RaceHooks;
