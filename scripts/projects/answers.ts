/** Compares answers. Pure. */

export interface Answer {
  status: number;
  /** Names in lower case; several values of a name are joined. */
  headers: Record<string, string>;
  body: string;
}

/**
 * Headers that are not compared. `date`, `connection`, `keep-alive` and `transfer-encoding` belong to a connection and
 * its moment, and `server-timing` is ours. `server` names the Python server, which is ours there.
 */
export const UNCOMPARED = [
  'date',
  'server-timing',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'server',
];

/** The answer without the port of its server, and without what matches a mask. */
export function neutral(answer: Answer, port: number, masks: readonly string[] = []): Answer {
  const clean = (text: string): string =>
    masks.reduce(
      (rest, mask) => rest.replace(new RegExp(mask, 'g'), '<masked>'),
      text.replace(new RegExp(`:${port}\\b`, 'g'), ':PORT'),
    );
  const body = clean(answer.body);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, clean(value)]),
  );
  // A right length stays right: a port may have four digits or five.
  if (headers['content-length'] === String(Buffer.byteLength(answer.body)))
    headers['content-length'] = String(Buffer.byteLength(body));
  return { status: answer.status, headers, body };
}

/**
 * What is different in ours, as short phrases; none if it is the same. What already differs between two runs of the
 * bare command is noise, such as a session's id: there only the shape must be the same.
 */
export function differences(bare: Answer, again: Answer, ours: Answer): string[] {
  const found: string[] = [];
  if (ours.status !== bare.status) found.push(`status ${ours.status} instead of ${bare.status}`);
  const names = new Set([bare, ours].flatMap(({ headers }) => Object.keys(headers)));
  for (const name of [...names].sort()) {
    if (UNCOMPARED.includes(name)) continue;
    const [one, two, mine] = [bare, again, ours].map(({ headers }) => headers[name]);
    // A hash of the body says nothing if the body's noise is in it.
    const isHash = name === 'etag' && one !== two && mine !== undefined;
    const isSame = isHash || sameText(one, two, mine);
    if (!isSame) found.push(`header ${name}: ${shown(mine)} instead of ${shown(one)}`);
  }
  if (!sameText(bare.body, again.body, ours.body)) found.push(bodyDifference(bare.body, ours.body));
  return found;
}

/** Whether `mine` is `one`, but for the words in which `one` and `two` differ. */
function sameText(one: string | undefined, two: string | undefined, mine: string | undefined): boolean {
  if (one === mine) return true;
  if (one === undefined || mine === undefined) return two === mine;
  if (one === two || two === undefined) return false;
  const [a, b, c] = [one, two, mine].map((text) => text.split(/([^\w%+-]+)/));
  if (a!.length !== b!.length) return true;
  return a!.length === c!.length && a!.every((word, at) => word === c![at] || word !== b![at]);
}

function shown(value: string | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value.slice(0, 60));
}

function bodyDifference(bare: string, ours: string): string {
  let at = 0;
  while (at < bare.length && bare[at] === ours[at]) at++;
  const from = Math.max(0, at - 15);
  return `body at ${at}: ${shown(ours.slice(from, at + 40))} instead of ${shown(bare.slice(from, at + 40))}`;
}
