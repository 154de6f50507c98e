/** The variables that begin with a dollar sign, as REST Client, Visual Studio and JetBrains have them. */
import { nearestName } from './nearest-name.ts';
import type { Place } from './place.ts';
import type { Problems } from './problems.ts';

export type SystemVariable =
  | { name: 'guid' }
  /** From `min` to below `max`. */
  | { name: 'randomInt'; min: number; max: number }
  | { name: 'timestamp'; offset: Offset }
  | { name: 'datetime'; format: 'iso8601' | 'rfc1123'; offset: Offset }
  | { name: 'dotenv' | 'processEnv'; key: string };

interface Offset {
  amount: number;
  unit: Unit;
}

type Unit = 'y' | 'Q' | 'M' | 'w' | 'd' | 'h' | 'm' | 's' | 'ms';

/** Where random numbers and the time come from. */
export interface Chance {
  /** From 0 to below 1. */
  random(): number;
  /** The time of the trial, in ms since 1970. */
  now: number;
}

/** In ms; a month and a year have no fixed length. */
const MS: Readonly<Partial<Record<Unit, number>>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const MONTHS: Readonly<Partial<Record<Unit, number>>> = { M: 1, Q: 3, y: 12 };
const NONE: Offset = { amount: 0, unit: 's' };

const FORMS: Readonly<Record<string, string>> = {
  $guid: '{{$guid}}',
  $uuid: '{{$uuid}}',
  $randomInt: '{{$randomInt 1 9}}',
  $timestamp: '{{$timestamp}} or {{$timestamp -3 d}}',
  $isoTimestamp: '{{$isoTimestamp}}',
  $datetime: '{{$datetime iso8601}} or {{$datetime rfc1123 1 d}}',
  $dotenv: '{{$dotenv KEY}}',
  $processEnv: '{{$processEnv KEY}}',
};

/** @param text begins with `$` */
export function parseSystemVariable(
  text: string,
  place: Place,
  problems: Problems,
): SystemVariable | undefined {
  const [name, ...args] = text.split(/\s+/) as [string, ...string[]];
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (form === undefined) {
    const nearest = nearestName(name, Object.keys(FORMS));
    const allowed =
      nearest === undefined ? `Allowed are ${Object.keys(FORMS).join(', ')}.` : `Did you mean ${nearest}?`;
    problems.add(place, `{{${text}}} is unknown`, allowed);
    return undefined;
  }
  const variable = ofArguments(name, args);
  if (variable === undefined) problems.add(place, `{{${text}}} is not understood`, `Write ${form}.`);
  return variable;
}

function ofArguments(name: string, args: readonly string[]): SystemVariable | undefined {
  switch (name) {
    case '$guid':
    case '$uuid':
      return args.length === 0 ? { name: 'guid' } : undefined;
    case '$randomInt':
      return randomInt(args);
    case '$timestamp': {
      const offset = offsetOf(args);
      return offset && { name: 'timestamp', offset };
    }
    case '$isoTimestamp':
      return args.length === 0 ? { name: 'datetime', format: 'iso8601', offset: NONE } : undefined;
    case '$datetime': {
      const [format, ...rest] = args;
      const offset = offsetOf(rest);
      if (offset === undefined || (format !== 'iso8601' && format !== 'rfc1123')) return undefined;
      return { name: 'datetime', format, offset };
    }
    default:
      // `%KEY` of REST Client, which reads the key's name from a setting of the editor, is refused by this.
      if (args.length !== 1 || !/^[A-Za-z_][\w.-]*$/.test(args[0]!)) return undefined;
      return { name: name === '$dotenv' ? 'dotenv' : 'processEnv', key: args[0]! };
  }
}

/** Without limits: from 0 to 1000, as in JetBrains' client. */
function randomInt(args: readonly string[]): SystemVariable | undefined {
  if (args.length === 0) return { name: 'randomInt', min: 0, max: 1000 };
  const [min, max] = args.map((arg) => (/^-?\d{1,15}$/.test(arg) ? Number(arg) : Number.NaN));
  return args.length === 2 && min! < max! ? { name: 'randomInt', min: min!, max: max! } : undefined;
}

function offsetOf(args: readonly string[]): Offset | undefined {
  if (args.length === 0) return NONE;
  const [amount, unit] = args as [string, string];
  if (args.length !== 2 || !/^[+-]?\d{1,6}$/.test(amount)) return undefined;
  return Object.hasOwn(MS, unit) || Object.hasOwn(MONTHS, unit)
    ? { amount: Number(amount), unit: unit as Unit }
    : undefined;
}

/** The text that stands for the variable. Not for those of the environment. */
export function systemValue(
  variable: Exclude<SystemVariable, { key: string }>,
  { random, now }: Chance,
): string {
  switch (variable.name) {
    case 'guid':
      return guid(random);
    case 'randomInt':
      return String(variable.min + Math.floor(random() * (variable.max - variable.min)));
    case 'timestamp':
      return String(Math.floor(moved(now, variable.offset).getTime() / 1000));
    case 'datetime': {
      const date = moved(now, variable.offset);
      return variable.format === 'iso8601' ? date.toISOString() : date.toUTCString();
    }
  }
}

function moved(now: number, { amount, unit }: Offset): Date {
  const date = new Date(now);
  const months = MONTHS[unit];
  if (months === undefined) return new Date(now + amount * MS[unit]!);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + amount * months);
  // One month after 31 January is the end of February.
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date;
}

/** A random UUID, version 4 (RFC 9562, section 5.4). */
function guid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (letter) => {
    const digit = Math.floor(random() * 16);
    return (letter === 'x' ? digit : (digit % 4) + 8).toString(16);
  });
}
