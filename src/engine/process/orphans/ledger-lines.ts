/**
 * The text of a ledger: one JSON value per line. The first line holds the server and its processes so far; each further
 * line adds or removes a process. Pure.
 */

export interface LedgerEntry {
  pid: number;
  /** Empty if unknown; such an entry is never killed. */
  startTime: string;
  command: string;
}

export interface LedgerServer extends LedgerEntry {
  /** First part of the marks in everything that this server starts; see wire/marker.ts. */
  id: string;
  url: string;
  cwd: string;
  /** The process that started the server. */
  parent?: Pick<LedgerEntry, 'pid' | 'startTime'>;
}

export interface LedgerContent {
  server: LedgerServer;
  entries: LedgerEntry[];
}

export function firstLine(server: LedgerServer, entries: Iterable<LedgerEntry>): string {
  return `${JSON.stringify({ server, entries: [...entries] })}\n`;
}

export function startedLine(started: LedgerEntry): string {
  return `${JSON.stringify({ started })}\n`;
}

export function endedLine(ended: number): string {
  return `${JSON.stringify({ ended })}\n`;
}

/** Undefined if the first line is not a ledger's. Other invalid lines, such as a full disk cuts, are ignored. */
export function parseLedger(text: string): LedgerContent | undefined {
  const [first = '', ...lines] = text.split('\n');
  const whole = parse(first);
  if (!isLedger(whole)) return undefined;
  const entries = new Map(whole.entries.map((entry) => [entry.pid, entry]));
  for (const line of lines) {
    const { started, ended } = (parse(line) ?? {}) as { started?: unknown; ended?: unknown };
    if (isEntry(started)) entries.set(started.pid, started);
    else if (typeof ended === 'number') entries.delete(ended);
  }
  return { server: whole.server, entries: [...entries.values()] };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isLedger(value: unknown): value is LedgerContent {
  if (typeof value !== 'object' || value === null) return false;
  const { server, entries } = value as Partial<LedgerContent>;
  return isEntry(server) && typeof server.id === 'string' && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTime } = value as Partial<LedgerEntry>;
  return Number.isInteger(pid) && typeof startTime === 'string';
}
