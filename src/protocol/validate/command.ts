/** Parses a message from a driver to a command. */
import { type LiveConfig, MAX_OVERLAP, type OverlapConfig } from '../config.ts';
import { ServerError } from '../errors.ts';
import { type Command, PROTOCOL_VERSION } from '../messages.ts';
import { LIVE_SETTINGS, SETTINGS } from '../settings/table.ts';
import { Fields } from './fields.ts';
import { readSetting, readSettings } from './settings.ts';

export const COMMAND_TYPES = [
  'stop',
  'restart',
  'set',
  'overlapNext',
  'status',
  'restartWorker',
  'killWorker',
] as const satisfies readonly Command['type'][];

/** Returns a valid command. Throws `BAD_COMMAND`, which names the wrong field. */
export function parseCommand(input: unknown): Command {
  const fields = new Fields(input, { refuse: badField }, '', 'the command');
  checkVersion(fields);
  const type = fields.oneOf('type', COMMAND_TYPES);
  if (type === undefined) throw fields.refuse('type', undefined, `one of ${COMMAND_TYPES.join(', ')}`);
  const number = fields.integer('id', 0, Number.MAX_SAFE_INTEGER);
  const id = number === undefined ? {} : { id: number };
  const command = readCommand(type, fields, id);
  fields.end();
  return command;
}

/** Throws for a message of another version of the protocol. */
export function checkVersion(fields: Fields): void {
  const version = fields.get('v');
  if (version === undefined || version === PROTOCOL_VERSION) return;
  throw fields.refuse('v', version, `${PROTOCOL_VERSION}, the version of this server, or absent`);
}

/** The `id` of a message that may not be a valid command, so that the error can have it too. */
export function commandId(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null || !('id' in input)) return undefined;
  return Number.isSafeInteger(input.id) ? (input.id as number) : undefined;
}

function readCommand(type: Command['type'], fields: Fields, id: { id?: number }): Command {
  switch (type) {
    case 'stop': {
      const now = fields.boolean('now');
      return { type, ...id, ...(now === undefined ? {} : { now }) };
    }
    case 'set':
      // The fields come from the table, and so does the type.
      return { type, ...id, ...(readSettings(fields, LIVE_SETTINGS) as LiveConfig) };
    case 'overlapNext':
      return { type, ...id, ...readOverlapNext(fields) };
    case 'restart':
    case 'status':
      return { type, ...id };
    case 'restartWorker':
    case 'killWorker': {
      const worker = fields.integer('worker', 1, Number.MAX_SAFE_INTEGER);
      if (worker === undefined) throw fields.refuse('worker', undefined, 'the number of a worker');
      return { type, ...id, worker };
    }
  }
}

function readOverlapNext(fields: Fields): Pick<OverlapConfig, 'size'> & Partial<OverlapConfig> {
  const read = <K extends keyof OverlapConfig>(field: K): Partial<Pick<OverlapConfig, K>> => {
    const value = readSetting(fields, field, SETTINGS[`overlap.${field}`]);
    return value === undefined ? {} : ({ [field]: value } as Partial<Pick<OverlapConfig, K>>);
  };
  const { size } = read('size');
  if (size === undefined || size === 0) throw fields.refuse('size', size, `from 2 to ${MAX_OVERLAP}`);
  return { size, ...read('maxMs'), ...read('routes') };
}

/** The error for a field of a message. */
export function badField(what: string, got: unknown, allowed: string): ServerError {
  const came = got === undefined ? 'nothing' : shorten(JSON.stringify(got));
  return new ServerError('BAD_COMMAND', `${what}: ${allowed}, but got ${came}.`, {
    details: { field: what, allowed },
  });
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
