/** Parses the command line. Pure, except for its calls to `system`. */
import path from 'node:path';
import { CommanderError } from 'commander';
import { DEFAULTS, type ServerConfig } from '../../protocol/config.ts';
import type { ServerError } from '../../protocol/errors.ts';
import { setValueAt } from '../../protocol/settings/paths.ts';
import { parseConfig } from '../../protocol/validate/config.ts';
import { parseStart } from '../../protocol/validate/start.ts';
import { parseAddress } from './address.ts';
import { misuse, rejected } from './misuse.ts';
import { attributeOf, createParser, labelOf, type WrittenOptions } from './options.ts';
import { OFF, readOptions } from './read-options.ts';
import { SWITCHES } from './switches.ts';

/** The facts about this machine that the command line needs. */
export interface System {
  /** Absolute path of the current folder. */
  cwd: string;
  cores: number;
  /** The seed if none is given. */
  seed: number;
  /** Whether `path`, relative to `cwd`, is a file or folder. */
  exists(path: string, cwd: string): boolean;
  /** Absolute path of a folder; throws `BAD_CONFIG` about `setting` if there is none. */
  folder(path: string, setting: string): string;
  /** Absolute path of a program; throws `BAD_CONFIG` about `setting` if it cannot be run. */
  program(path: string, setting: string): string;
  /** Whether the process has an IPC channel to its parent. */
  hasChannel: boolean;
}

/** How the server communicates with the user or the driver. */
export interface View {
  kind: 'terminal' | 'json' | 'ipc';
  detail: 'quiet' | 'normal' | 'verbose';
  /** False with `--no-color`. */
  color: boolean;
  /** Open a browser once the server is ready. */
  open: boolean;
}

export type Invocation =
  | { do: 'run'; config: ServerConfig; view: View }
  /**
   * The configuration is the first message over the IPC channel; {@link parseStartMessage} reads it. `cwd` is its
   * default folder.
   */
  | { do: 'await start'; view: View; cwd: string }
  | { do: 'help' }
  | { do: 'version' }
  | { do: 'clean up'; json: boolean };

/** Throws `BAD_CONFIG` with one sentence about the first thing that is wrong. */
export function parseArguments(argv: readonly string[], system: System): Invocation {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const { words, options, given } = parseWords(own);
  if (options.help) return { do: 'help' };
  if (options.version) return { do: 'version' };
  if (options.cleanUp) return { do: 'clean up', json: options.json ?? false };
  const shown = view(options, system);
  const cwd = options.cwd === undefined ? system.cwd : system.folder(options.cwd, '--cwd');
  if (shown.kind === 'ipc') {
    // `--cwd` is allowed, so that a list of processes shows which app a server runs.
    const known = [...SWITCHES.map(attributeOf), 'cwd'];
    if (own.length < argv.length || words.length > 0 || given.some((name) => !known.includes(name))) {
      throw misuse('With --ipc the settings are in the start message.', 'See docs/protocol.md.');
    }
    return { do: 'await start', view: shown, cwd };
  }
  const written = {
    ...classify(words, (name) => system.exists(name, cwd)),
    ...readOptions(options),
    cwd,
    // Relative to the current folder, as the shell completes it, and as Node reads it. Node looks for this option even
    // after the script's name: it loads the file into our environment, or exits with code 9 if there is no such file.
    ...(options.envFile === undefined ? {} : { envFile: path.resolve(system.cwd, options.envFile) }),
    ...(options.node === undefined ? {} : { node: system.program(options.node, '--node') }),
    args: end < 0 ? [] : argv.slice(end + 1),
  };
  const { delayRoutes, randomDelay, overlap, overlapRoutes } = options;
  // Routes to delay turn the delay on.
  if (delayRoutes !== undefined && randomDelay === undefined)
    setValueAt(written, 'randomDelay.enabled', true);
  if (overlapRoutes !== undefined && overlap === undefined) {
    throw misuse('--overlap-routes needs --overlap N beside it.');
  }
  return { do: 'run', config: parseConfig(written, { ...system, cwd }, labelOf), view: shown };
}

/** The configuration of a `start` message. Throws as {@link parseStart} does, and if its folder or Node does not exist. */
export function parseStartMessage(input: unknown, system: System): ServerConfig {
  const config = parseStart(input, system);
  const { cwd, node } = config;
  return {
    ...config,
    cwd: system.folder(cwd, 'cwd'),
    node: node === undefined ? undefined : system.program(node, 'node'),
  };
}

interface Words {
  words: string[];
  options: WrittenOptions;
  /** Names of the options that were written. */
  given: string[];
}

function parseWords(words: readonly string[]): Words {
  const parser = createParser();
  try {
    parser.parse(withDelayValue(words), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw rejected(error, adviceOn);
    throw error;
  }
  const options = parser.opts<WrittenOptions>();
  const given = Object.keys(options).filter((name) => parser.getOptionValueSource(name) === 'cli');
  return { words: parser.args, options, given };
}

/** In `--random-delay app.js` the entry is `app.js`. The parser would read it as the range, so the default is put in. */
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

/** Finds out which word is the entry and which is the address. A number is the entry if a file has that name. */
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

/** What to do about an option that is unknown here. */
function adviceOn(option: string): string | undefined {
  return /^(?:-p|--port|--host|--addr)\b/.test(option)
    ? 'The address is an argument: concurrent-server [entry] [addr:port | port].'
    : undefined;
}
