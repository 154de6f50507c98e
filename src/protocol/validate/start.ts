/** Parses the first message over Node's IPC channel to a complete configuration. */
import type { ServerConfig } from '../config.ts';
import type { Surroundings } from '../settings/setting.ts';
import { badField, checkVersion } from './command.ts';
import { parseConfig } from './config.ts';
import { Fields } from './fields.ts';

/**
 * Throws `BAD_COMMAND` if the message is not `start`, and `BAD_CONFIG`, which names the setting, if its configuration is
 * wrong.
 */
export function parseStart(input: unknown, surroundings: Surroundings): ServerConfig {
  const fields = new Fields(input, { refuse: badField }, '', 'the first message');
  checkVersion(fields);
  const type = fields.get('type');
  if (type !== 'start') throw fields.refuse('type', type, 'start, in the first message');
  const config = fields.get('config') ?? {};
  fields.end();
  return parseConfig(config, surroundings);
}
