/**
 * Reads a worker's messages. The app shares the process and its descriptors and could write anything to them, so each
 * message is checked against its shape.
 */
import { FrameError, type FromWorker } from './frames.ts';
import type { FromRaceHooks } from './race-messages.ts';

/** A check for each field. A field may be absent if its name ends with `?`. */
export type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

export const text = (value: unknown): boolean => typeof value === 'string';
const flag = (value: unknown): boolean => typeof value === 'boolean';
export const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
/** An index, a pid, or a number of bytes. */
export const index = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const texts = (value: unknown): boolean => Array.isArray(value) && value.every(text);
const level = (value: unknown): boolean => value === 'error' || value === 'warning' || value === 'info';
const kind = (value: unknown): boolean =>
  value === 'requests' || value === 'http' || value === 'bytes' || value === 'nothing';
const object =
  (shape: Shape) =>
  (value: unknown): boolean =>
    fits(value, shape);
const list =
  (shape: Shape) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(object(shape));

/** One entry per form of {@link FromRaceHooks}. */
const RACE_SHAPES: Readonly<Record<FromRaceHooks['is'], Shape>> = {
  boundary: {
    request: index,
    kind: text,
    fn: text,
    file: text,
    occurrence: index,
    line: index,
    label: text,
    held: flag,
  },
  settled: { request: index, unknown: index },
  waits: { request: index, timerMs: number },
  touched: { what: (value) => value === 'database' || value === 'file', name: text },
};

const isFromRaceHooks = (value: unknown): boolean => {
  const is = (value as { is?: unknown } | null)?.is;
  return (
    typeof is === 'string' &&
    Object.hasOwn(RACE_SHAPES, is) &&
    fits(value, RACE_SHAPES[is as FromRaceHooks['is']])
  );
};

const location = object({ file: text, line: number, 'column?': number });

/** One entry per type of {@link FromWorker}; without it the code does not compile. */
export const FROM_WORKER_SHAPES: Readonly<Record<FromWorker['type'], Shape>> = {
  listen: {
    index,
    asked: object({ 'host?': text, 'port?': number, 'path?': text, 'exclusive?': flag }),
    raw: flag,
    tls: flag,
    'kind?': kind,
    'forPort?': flag,
    'expectsPort?': flag,
  },
  waited: { patience: (value) => value === 1 || value === 2 },
  heads: { index, bytes: index, fields: index },
  unlisten: { index },
  loaded: { files: texts, stamps: texts },
  wrote: { files: texts },
  spawned: { pid: index, command: text, 'startTime?': text },
  childExited: { pid: index },
  exception: { message: text, stack: text, 'location?': location },
  addon: { name: text, refused: flag },
  standsStill: {},
  nothingToServe: { message: text, 'location?': location },
  diagnostics: { diagnostics: list({ level, text, 'hint?': text, 'file?': text, 'line?': number }) },
  memory: { bytes: number },
  race: { message: isFromRaceHooks },
};

/**
 * @param json the payload of a CONTROL frame
 * @throws FrameError if it is not a message
 */
export function readFromWorker(json: string): FromWorker {
  return readMessage<FromWorker>(json, FROM_WORKER_SHAPES);
}

/**
 * @param shapes by the message's `type`; one per type of T
 * @throws FrameError if it has none of them
 */
export function readMessage<T extends { type: string }>(
  json: string,
  shapes: Readonly<Record<T['type'], Shape>>,
): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new FrameError('a message that is not JSON');
  }
  const type = (value as { type?: unknown } | null)?.type;
  const known = typeof type === 'string' && Object.hasOwn(shapes, type);
  if (!known) throw new FrameError(`a message of type ${JSON.stringify(type)}, which does not exist`);
  if (!fits(value, shapes[type as T['type']])) throw new FrameError(`an incomplete message "${type}"`);
  return value as T;
}

function fits(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, isRight]) => {
    if (!name.endsWith('?')) return isRight(fields[name]);
    const optional = fields[name.slice(0, -1)];
    return optional === undefined || optional === null || isRight(optional);
  });
}
