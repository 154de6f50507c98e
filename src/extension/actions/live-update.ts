/** What a change of the settings means for a running server. Pure. */
import { changeOf, partOf, type Settings, withChosen } from '../settings/settings-model.ts';

/** The settings of a running server. */
interface Known {
  /** As written when it was started, with the changes that were sent to it since. */
  written: Settings;
  /** As it runs, with what was chosen for it. */
  running: Settings;
}

interface Update {
  /** The change to send to the server; undefined if there is none. */
  live: ReturnType<typeof changeOf>['live'];
  /** The full names of the settings that need a restart. */
  restart: string[];
  /** The settings once `live` is in force. Those that need a restart keep their old value, for the next comparison. */
  next: Known;
}

export function updateOf({ written: before, running }: Known, written: Settings): Update {
  // Without a chosen seed, each reading of the settings draws another one.
  const seed = written.seeded ? written.config.seed : before.config.seed;
  const after = { ...written, config: { ...written.config, seed } };
  const { live, restart } = changeOf(before, after);
  const taken = partOf(after);
  const { seeded } = after;
  return {
    live,
    restart,
    next: {
      written: { ...before, seeded, config: { ...before.config, ...taken } },
      running: { ...withChosen(running, taken), seeded },
    },
  };
}
