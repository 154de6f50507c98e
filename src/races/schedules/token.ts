/**
 * A schedule as one word: `1:one:warm:r0@query:redeem:redeem.js:1`. It has no blanks and no characters of a shell, and it
 * names sites by what survives an edit elsewhere in the file.
 */
import type { BoundaryKind, Pause, Schedule } from '../types.ts';

const VERSION = '1';
const KINDS: ReadonlySet<string> = new Set<BoundaryKind>([
  'body',
  'headers',
  'await',
  'callback',
  'query',
  'io',
  'sync',
]);
const FORM = 'A token has the form 1:one:warm:r0@query:redeem:redeem.js:1.';

/** Pure. A serial order is written as `serial-1.0`. */
export function tokenOf({ topology, members, warm, serial, free, pauses }: Schedule): string {
  const steps = pauses.map(({ request, kind, fn, file, occurrence }) => {
    return `r${request}@${kind}:${encode(fn)}:${encode(file)}:${occurrence}`;
  });
  const order = serial === undefined ? [] : [`serial-${serial.join('.')}`];
  const parts = [...order, ...(free ? ['free'] : []), ...steps];
  const where = members === undefined ? topology : `${topology}-${members.join('.')}`;
  return [VERSION, where, warm ? 'warm' : 'cold', parts.join(',')].join(':');
}

/** Throws an Error with one sentence about what is wrong, and what is allowed. */
export function readToken(token: string): Schedule {
  const [version, where = '', warmth, ...rest] = token.split(':');
  const [, topology, chosen] = /^([a-z]+)(?:-(\d+(?:\.\d+)*))?$/.exec(where) ?? [];
  if (version !== VERSION)
    throw new Error(`The token is of version "${version}"; this build knows ${VERSION}. ${FORM}`);
  if (topology !== 'one' && topology !== 'many') {
    throw new Error(`The token says "${where}" where "one" or "many" workers is meant. ${FORM}`);
  }
  if (warmth !== 'warm' && warmth !== 'cold') {
    throw new Error(`The token says "${warmth}" where "warm" or "cold" is meant. ${FORM}`);
  }
  const parts = rest.join(':').split(',');
  const [, order] = /^serial-(\d+(?:\.\d+)*)$/.exec(parts[0]!) ?? [];
  if (order !== undefined && parts.length === 1) {
    const serial = order.split('.').map(Number);
    return { ...place(topology, chosen, warmth), serial, free: false, pauses: [] };
  }
  const free = parts[0] === 'free';
  const pauses = parts.slice(free ? 1 : 0).map(readPause);
  if (!free && pauses.length === 0) throw new Error(`The token has no pause. ${FORM}`);
  return { ...place(topology, chosen, warmth), free, pauses };
}

function place(
  topology: Schedule['topology'],
  chosen: string | undefined,
  warmth: string,
): Pick<Schedule, 'topology' | 'members' | 'warm'> {
  const members = chosen?.split('.').map(Number);
  return { topology, ...(members && { members }), warm: warmth === 'warm' };
}

function readPause(text: string): Pause {
  const match = /^r(\d{1,3})@([a-z]+):([^:]*):([^:]*):(\d{1,6})$/.exec(text);
  const [, request = '', kind = '', fn = '', file = '', occurrence = ''] = match ?? [];
  if (match === null || !KINDS.has(kind))
    throw new Error(`The token's pause "${text}" can't be read. ${FORM}`);
  return {
    request: Number(request),
    kind: kind as BoundaryKind,
    fn: decode(fn),
    file: decode(file),
    occurrence: Number(occurrence),
  };
}

/** Everything that a shell, or the token itself, would read as something else becomes `%` and its UTF-8 in hex. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w./-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function decode(text: string): string {
  const bytes = [...text.matchAll(/%([0-9a-f]{2})|([\s\S])/g)].map(([, hex, character]) => {
    return hex === undefined ? character!.charCodeAt(0) : Number.parseInt(hex, 16);
  });
  return Buffer.from(bytes).toString();
}
