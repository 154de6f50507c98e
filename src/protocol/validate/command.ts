/** From what came over a wire to a command that can be carried out. */
import { MAX_OVERLAP, MAX_SEED, MODES } from '../config.ts';
import { ServerError } from '../errors.ts';
import { type Command, PROTOCOL_VERSION } from '../messages.ts';
import {
  readDelay,
  readMaxWorkers,
  readOverlap,
  readOverlapParts,
  readReload,
  readWorkers,
} from './config.ts';
import { Fields } from './fields.ts';

export const COMMAND_TYPES = [
  'stop',
  'restart',
  'set',
  'overlapNext',
  'status',
  'restartWorker',
  'killWorker',
] as const satisfies readonly Command['type'][];

/** A command of a known type whose every field fits. Throws `BAD_COMMAND`, which names the field that does not. */
export function parseCommand(input: unknown): Command {
  const fields = new Fields(input, { refuse: badField }, '', 'the command');
  const version = fields.get('v');
  if (version !== undefined && version !== PROTOCOL_VERSION) {
    throw fields.refuse('v', version, `${PROTOCOL_VERSION}, the version of this server, or absent`);
  }
  const type = fields.oneOf('type', COMMAND_TYPES);
  if (type === undefined) throw fields.refuse('type', undefined, `one of ${COMMAND_TYPES.join(', ')}`);
  const number = fields.integer('id', 0, Number.MAX_SAFE_INTEGER);
  const id = number === undefined ? {} : { id: number };
  const command = readCommand(type, fields, id);
  fields.end();
  return command;
}

/** The `id` of something that need not be a command, so that even its refusal can be told apart from others. */
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
      return readSet(fields, id);
    case 'overlapNext': {
      const { size, maxMs, routes } = readOverlapParts(fields);
      if (size === undefined || size === 0) throw fields.refuse('size', size, `from 2 to ${MAX_OVERLAP}`);
      return {
        type,
        ...id,
        size,
        ...(maxMs === undefined ? {} : { maxMs }),
        ...(routes === undefined ? {} : { routes }),
      };
    }
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

function readSet(fields: Fields, id: { id?: number }): Command {
  const delay = fields.object('randomDelay');
  const overlap = fields.object('overlap');
  const seed = fields.integer('seed', 0, MAX_SEED);
  const workers = readWorkers(fields);
  const maxWorkers = readMaxWorkers(fields, workers);
  const mode = fields.oneOf('mode', MODES);
  const reload = fields.object('reload');
  return {
    type: 'set',
    ...id,
    ...(delay === undefined ? {} : { randomDelay: readDelay(delay) }),
    ...(overlap === undefined ? {} : { overlap: readOverlap(overlap) }),
    ...(seed === undefined ? {} : { seed }),
    ...(workers === undefined ? {} : { workers }),
    ...(maxWorkers === undefined ? {} : { maxWorkers }),
    ...(mode === undefined ? {} : { mode }),
    ...(reload === undefined ? {} : { reload: readReload(reload) }),
  };
}

function badField(what: string, got: unknown, allowed: string): ServerError {
  const came = got === undefined ? 'nothing' : shorten(JSON.stringify(got));
  return new ServerError('BAD_COMMAND', `${what}: ${allowed}, but got ${came}.`, {
    details: { field: what, allowed },
  });
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
