/** From the words after `concurrent-server` to what is to be done. Pure, but for what it asks of `system`. */
import path from 'node:path';
import { CommanderError } from 'commander';
import { DEFAULTS, type ServerConfig } from '../../protocol/config.ts';
import { badConfig, ServerError } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/validate/config.ts';
import { parseAddress } from './address.ts';
import { createParser, optionOf, type WrittenOptions } from './options.ts';

/** What the command line asks of the machine it is on. */
export interface System {
  /** Absolute path of the current folder. */
  cwd: string;
  cores: number;
  /** The seed where none is given. */
  seed: number;
  /** Whether `path`, relative to `cwd`, is a file or folder. */
  exists(path: string, cwd: string): boolean;
  /** Absolute path of a folder; throws where there is none. */
  folder(path: string): string;
  /** Absolute path of a program; throws where it cannot be run. */
  program(path: string): string;
  /** Whether the process has a channel to one that started it. */
  hasChannel: boolean;
}

/** How the server talks to whoever started it. */
export interface View {
  kind: 'terminal' | 'json' | 'ipc';
  detail: 'quiet' | 'normal' | 'verbose';
  /** False where colours were declined. */
  color: boolean;
  /** Open a browser once the server is ready. */
  open: boolean;
}

export type Invocation =
  | { do: 'run'; config: ServerConfig; view: View }
  | { do: 'help' }
  | { do: 'version' }
  | { do: 'clean up'; json: boolean };

/** Throws `BAD_CONFIG` with one sentence about the first thing that does not fit. */
export function parseArguments(argv: readonly string[], system: System): Invocation {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const { words, options } = parseWords(own);
  if (options.help) return { do: 'help' };
  if (options.version) return { do: 'version' };
  if (options.cleanUp) return { do: 'clean up', json: options.json ?? false };
  const cwd = options.cwd === undefined ? system.cwd : system.folder(options.cwd);
  const written = {
    ...classify(words, (name) => system.exists(name, cwd)),
    ...settings(options),
    cwd,
    // From where the person is, as the shell completes it; and as Node does, which looks for this option even behind
    // a script's name, reads the file into our own environment, and ends by itself (exit code 9) where there is none.
    ...(options.envFile === undefined ? {} : { envFile: path.resolve(system.cwd, options.envFile) }),
    ...(options.node === undefined ? {} : { node: system.program(options.node) }),
    args: end < 0 ? [] : argv.slice(end + 1),
  };
  const config = parseConfig(written, { ...system, cwd }, optionOf);
  return { do: 'run', config, view: view(options, system) };
}

function parseWords(words: readonly string[]): { words: string[]; options: WrittenOptions } {
  const parser = createParser();
  try {
    parser.parse(withDelayValue(words), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw rejected(error);
    throw error;
  }
  return { words: parser.args, options: parser.opts<WrittenOptions>() };
}

/** What `--random-delay` says where it wins over an app that would have it on. */
const OFF = 'off';

/** `--random-delay app.js` has no range, and `app.js` is the entry; the parser would take it for the range. */
function withDelayValue(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    if (
      word !== '--random-delay' ||
      next === undefined ||
      next.startsWith('-') ||
      next === OFF ||
      /^\d/.test(next)
    )
      return [word];
    const { min, max } = DEFAULTS.randomDelay;
    return [`--random-delay=${min}-${max}`];
  });
}

/** Tells the entry from the address: each may stand alone, and a file of that name makes a number an entry. */
function classify(words: readonly string[], exists: (name: string) => boolean): Record<string, unknown> {
  let entry: string | undefined;
  let address: string | undefined;
  const parts: Record<string, unknown> = {};
  for (const word of words) {
    const parsed = exists(word) ? undefined : parseAddress(word);
    if (parsed === undefined) {
      if (entry !== undefined) throw twice('entry', entry, word);
      entry = word;
    } else {
      if (address !== undefined) throw twice('address', address, word);
      address = word;
      Object.assign(parts, parsed);
    }
  }
  return entry === undefined ? parts : { ...parts, entry };
}

function settings(options: WrittenOptions): Record<string, unknown> {
  const { randomDelay, delayRoutes, overlap, overlapRoutes, allowedHost, nodeArg, stopTimeout } = options;
  const { mode, affinity } = options;
  if (overlapRoutes !== undefined && overlap === undefined) {
    throw misuse('--overlap-routes needs --overlap N beside it.');
  }
  return {
    mode,
    affinity,
    workers: number(options.workers),
    maxWorkers: number(options.maxWorkers),
    maxRequestsPerWorker: number(options.maxRequestsPerWorker),
    python: options.python,
    processes: number(options.processes),
    threads: number(options.threads),
    seed: number(options.seed),
    takeOver: options.takeOver,
    stopTimeoutMs: number(stopTimeout),
    allowedHosts: allowedHost,
    nodeArgs: nodeArg,
    randomDelay: {
      // Whoever names routes to delay wants them delayed.
      enabled:
        randomDelay === OFF ? false : randomDelay !== undefined || delayRoutes !== undefined || undefined,
      ...(typeof randomDelay === 'string' && randomDelay !== OFF ? range(randomDelay) : {}),
      routes: delayRoutes,
    },
    overlap: { ...(overlap === undefined ? {} : group(overlap)), routes: overlapRoutes },
    reload: {
      enabled: options.reload,
      watch: options.watch,
      browser: options.reloadBrowser,
      ...(options.reloadWait === undefined ? {} : wait(options.reloadWait)),
    },
    editorLink: options.editorLink,
  };
}

function range(text: string): { min: number; max: number } {
  const [, min, max] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (min === undefined || max === undefined) {
    const allowed = 'MIN-MAX in ms, such as 0-333, or off (a port goes before the option)';
    throw badConfig('--random-delay', text, allowed);
  }
  return { min: Number(min), max: Number(max) };
}

function group(text: string): { size: unknown; maxMs?: unknown } {
  const [size, maxMs, ...rest] = text.split(',');
  if (rest.length > 0) throw badConfig('--overlap', text, 'N or N,MAXMS, such as 8 or 8,150');
  return { size: number(size), ...(maxMs === undefined ? {} : { maxMs: number(maxMs) }) };
}

function wait(text: string): { waitMs: unknown; late?: unknown } {
  const [ms, late, ...rest] = text.split(',');
  if (rest.length > 0) throw badConfig('--reload-wait', text, 'MS or MS,old, such as 30000 or 5000,old');
  return { waitMs: number(ms), ...(late === undefined ? {} : { late }) };
}

/** Digits as a number; anything else as it is, for the check to refuse it in the writer's own words. */
function number(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}

function view(options: WrittenOptions, { hasChannel }: System): View {
  const { json, ipc, quiet, verbose, color, open = false } = options;
  if (json && ipc) throw misuse('--json and --ipc cannot be given together.');
  if (quiet && verbose) throw misuse('--quiet and --verbose cannot be given together.');
  if (ipc && !hasChannel) throw misuse('--ipc is for a process that was started with child_process.fork.');
  const detail = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
  return { kind: ipc ? 'ipc' : json ? 'json' : 'terminal', detail, color, open };
}

function twice(what: string, first: string, second: string): ServerError {
  const message = `Only one ${what} can be given, but there are ${first} and ${second}.`;
  return misuse(message, 'Arguments for the app go after --.');
}

/** The parser's complaint as our one sentence, with its suggestion as the hint. */
function rejected({ message }: CommanderError): ServerError {
  const [complaint = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const text = `${complaint[0]?.toUpperCase() ?? ''}${complaint.slice(1)}.`;
  const unknown = /unknown option '(.*)'/.exec(complaint)?.[1];
  if (unknown === undefined) return misuse(text);
  if (/^(?:-p|--port|--host|--addr)\b/.test(unknown)) {
    return misuse(text, 'The address is an argument: concurrent-server [entry] [addr:port | port].');
  }
  return misuse(text, suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'Arguments for the app go after --.');
}

function misuse(message: string, hint?: string): ServerError {
  return new ServerError('BAD_CONFIG', message, hint === undefined ? {} : { hint });
}
