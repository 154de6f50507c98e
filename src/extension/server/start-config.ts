/** The configuration that a server is started, or restarted, with. Pure. */
import { toWritten, type WrittenConfig } from '../../protocol/config.ts';
import { type Settings, withChosen } from '../settings/settings-model.ts';
import type { ServerModel } from './server-model.ts';

export interface StartOptions {
  /** End an orphaned server that holds the port. */
  takeOver?: boolean;
}

/**
 * The settings that restart a dead server as it was: with the changes since its start, and on the port that the system
 * chose, so that open pages find it again.
 */
export function asRunning(
  settings: Settings,
  { url, mode, randomDelay, overlap }: Pick<ServerModel, 'url' | 'mode' | 'randomDelay' | 'overlap'>,
): Settings {
  const running = withChosen(settings, { mode, randomDelay, overlap });
  if (settings.config.port !== 0 || url === undefined) return running;
  return withChosen(running, { port: Number(new URL(url).port || 80) });
}

/** The configuration for the server. It has no seed if nobody chose one, so that each start picks another one. */
export function toStart({ config, seeded }: Settings, { takeOver = false }: StartOptions): WrittenConfig {
  const { seed, ...written } = toWritten({ ...config, takeOver });
  return seeded && seed !== undefined ? { ...written, seed } : written;
}
