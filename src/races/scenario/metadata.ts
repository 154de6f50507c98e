/** Reads the comment lines that mean something: `# @together 3`. */
import { parseMask } from './mask.ts';
import { nearestName } from './nearest-name.ts';
import type { Problems } from './problems.ts';
import { NAME } from './template.ts';
import type { After, Mask, Role, Scenario } from './types.ts';

export interface MetadataLine {
  name: string;
  value: string;
  line: number;
}

/** What holds for a request, and before the first request for all. */
export interface Shareable {
  masks: Mask[];
  busy: number[];
  settleMs: number | undefined;
}

/** What the metadata of one request say. */
export interface Own extends Shareable {
  role: Exclude<Role, 'named'> | undefined;
  copies: number;
  client: string;
  name: string | undefined;
  timeoutMs: number | undefined;
  warm: number | undefined;
  after: After | undefined;
}

export const noShareable = (): Shareable => ({ masks: [], busy: [], settleMs: undefined });

export const noMetadata = (): Own => ({
  ...noShareable(),
  role: undefined,
  copies: 1,
  client: '',
  name: undefined,
  timeoutMs: undefined,
  warm: undefined,
  after: undefined,
});

/** Where the lines of one part of the file go. */
export interface Sink {
  file: string;
  own: Own;
  /** Where a line that may hold for all goes. */
  shareable: Shareable;
  ofFile: Pick<Scenario, 'schedules' | 'accepts'>;
  problems: Problems;
}

/** A line with `@`, in a comment. A third `#` would make it a separator. */
const METADATA = /^\s*(?:#{1,2}|\/\/)\s*@([^\s=]+)\s*=?\s*(.*?)\s*$/;

export function metadataOf(text: string, line: number): MetadataLine | undefined {
  const match = METADATA.exec(text);
  return match === null ? undefined : { name: match[1]!, value: match[2]!, line };
}

const ROLES: readonly string[] = ['setup', 'together', 'probe', 'reset'];
const SHAREABLE: readonly string[] = ['mask', 'busy', 'settle'];
const OF_FILE: readonly string[] = ['schedule', 'accept'];
const OF_REQUEST: readonly string[] = [...ROLES, 'client', 'name', 'after', 'warm', 'timeout'];
/** Of other clients, without a meaning here: redirects are never followed, and every request has its own connection. */
const IGNORED: readonly string[] = ['no-redirect', 'no-log', 'no-cookie-jar', 'note'];
const KNOWN = [...OF_REQUEST, ...SHAREABLE, ...OF_FILE, ...IGNORED];

const REFUSED: Readonly<Record<string, [what: string, allowed: string]>> = {
  prompt: ['Nobody is asked during a trial', 'Write `@name = value`, or {{$processEnv NAME}}.'],
  ref: [
    '@ref is not needed',
    'A request without a role is sent as a setup if another refers to it by {{name…}}.',
  ],
  loop: ["A request can't be repeated by @loop", 'Write `# @together 3` for three copies at the same time.'],
  import: ["Other files can't be imported", 'Copy the requests that this scenario needs.'],
};

/** Whether a line is known, and where it may stand. */
export function kindOf(name: string): 'request' | 'shareable' | 'file' | 'ignored' | 'wrong' {
  if (OF_REQUEST.includes(name)) return 'request';
  if (SHAREABLE.includes(name)) return 'shareable';
  if (OF_FILE.includes(name)) return 'file';
  return IGNORED.includes(name) ? 'ignored' : 'wrong';
}

export function applyMetadata({ name, value, line }: MetadataLine, sink: Sink): void {
  const { own, shareable, ofFile, problems } = sink;
  const place = { file: sink.file, line };
  const fail = (what: string, allowed: string): void => problems.add(place, what, allowed);
  switch (name) {
    case 'setup':
    case 'probe':
    case 'reset':
    case 'together':
      if (own.role !== undefined) fail(`This request is @${own.role} already`, 'A request has one role.');
      own.role ??= name;
      // What is wrong is not one copy, which would be another mistake.
      if (name === 'together') own.copies = integer('copies', 1, 99) ?? (value === '' ? 1 : 2);
      else if (value !== '') fail(`@${name} has no value`, `Write \`# @${name}\`.`);
      return;
    case 'client':
      if (NAME.test(value)) own.client = value;
      else fail('@client needs a name', 'Write `# @client bob`.');
      return;
    case 'name':
      if (own.name !== undefined)
        fail(`This request is named ${own.name} already`, 'A request has one name.');
      else if (NAME.test(value)) own.name = value;
      else fail('@name needs a name', 'A name has letters, digits, - and _, and starts with a letter or _.');
      return;
    case 'after': {
      const [of = '', event = 'end', ...rest] = value.split(/\s+/);
      if (NAME.test(of) && rest.length === 0 && (event === 'headers' || event === 'end')) {
        own.after = { name: of, event, line };
      } else
        fail('@after needs a name and an event', 'Write `# @after login headers` or `# @after login end`.');
      return;
    }
    case 'warm':
      own.warm = integer('parallel requests', 1, 99, true);
      return;
    case 'timeout':
      own.timeoutMs = timeOf(value);
      if (own.timeoutMs === undefined)
        fail('@timeout needs a time', 'Write `# @timeout 10 s`; units are ms, s and m.');
      return;
    case 'mask': {
      const mask = parseMask(value);
      if ('kind' in mask) shareable.masks.push(mask);
      else fail(mask.what, mask.allowed);
      return;
    }
    case 'busy': {
      const codes = value.split(/[\s,]+/);
      if (codes.every((code) => /^[2-5]\d\d$/.test(code))) shareable.busy.push(...codes.map(Number));
      else fail('@busy needs a status code', 'Write `# @busy 409`.');
      return;
    }
    case 'settle':
      shareable.settleMs = integer('ms', 0, 60_000, true);
      return;
    case 'schedule':
      if (/^\S+$/.test(value)) ofFile.schedules.push({ token: value, line });
      else fail('@schedule needs one token', 'Write `# @schedule TOKEN`, with a token of a report.');
      return;
    case 'accept': {
      const [, token, reason] = /^(\S+)\s+(\S.*)$/.exec(value) ?? [];
      if (token !== undefined && reason !== undefined) ofFile.accepts.push({ token, reason, line });
      else fail('@accept needs a token and a reason', 'Write `# @accept TOKEN why this is no mistake`.');
      return;
    }
    default:
      if (!IGNORED.includes(name)) fail(...whyUnknown(name));
  }

  function integer(of: string, min: number, max: number, isNeeded = false): number | undefined {
    if (value === '' && !isNeeded) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    fail(`@${name} needs a number of ${of}, not "${value}"`, `Allowed are ${min} to ${max}.`);
    return undefined;
  }
}

function whyUnknown(name: string): [what: string, allowed: string] {
  if (Object.hasOwn(REFUSED, name)) return REFUSED[name]!;
  const nearest = nearestName(name, KNOWN);
  const allowed =
    nearest === undefined
      ? `Allowed are ${KNOWN.map((known) => `@${known}`).join(', ')}.`
      : `Did you mean @${nearest}?`;
  return [`@${name} is unknown`, allowed];
}

/** In ms. A number without a unit is in seconds, as in JetBrains' client. */
function timeOf(value: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d{1,9})\s*(ms|s|m)?$/.exec(value) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000);
}

/** What may be meant by `@word` outside of a comment. */
export function isKnownMetadata(name: string): boolean {
  return KNOWN.includes(name);
}
