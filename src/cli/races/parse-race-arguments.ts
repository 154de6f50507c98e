/** Parses the command line of `races`, the words after it. Pure, except for its calls to `system`. */
import path from 'node:path';
import { CommanderError } from 'commander';
import { defined } from '../../common/defined.ts';
import type { ServerConfig } from '../../protocol/config.ts';
import { badConfig } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/validate/config.ts';
import type { RaceOptions } from '../../races/report-types.ts';
import { readToken } from '../../races/schedules/token.ts';
import { misuse, rejected } from '../arguments/misuse.ts';
import { createParser, labelOf } from '../arguments/options.ts';
import type { System } from '../arguments/parse-arguments.ts';
import { readOptions } from '../arguments/read-options.ts';
import { createRaceParser, DEFAULT_BUDGET, DEFAULT_TIMEOUT, type WrittenRaceOptions } from './options.ts';
import { wordsToRepeat } from './replay-command.ts';

export interface RaceInvocation {
  /** Files and globs, as written. */
  scenarios: string[];
  config: ServerConfig;
  options: RaceOptions;
  json: boolean;
  writeTest: boolean;
  /** False with `--no-color`. */
  color: boolean;
  /** The options that a replay needs as well, as words of a command line. */
  repeated: string[];
}

const TOPOLOGIES = ['one', 'many', 'both'] as const;
const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;
const MAX_TIME_MS = 24 * 60 * UNITS.m;
/** More parts than this are a typing mistake. */
const MAX_SHARDS = 10_000;
const MAX_SCHEDULES = 1_000_000_000;

/** Throws `BAD_CONFIG` with one sentence about the first thing that is wrong. */
export function parseRaceArguments(argv: readonly string[], system: System): RaceInvocation | 'help' {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const args = end < 0 ? [] : argv.slice(end + 1);
  const { words, written } = parseWords(own);
  if (written.help) return 'help';
  if (words.length === 0)
    throw misuse(
      'There is no scenario to run.',
      'Name a .http file: concurrent-server races coupon.http. docs/finding-races.md shows how to write one.',
    );
  const { entry, envFile, node, inspect = false, replay, json = false, writeTest = false, color } = written;
  if (inspect && replay === undefined) throw misuse('--inspect needs --replay TOKEN beside it.');
  if (entry === '') throw badConfig('--entry', entry, 'a file, a folder, or module:attribute');
  const cwd = written.cwd === undefined ? system.cwd : system.folder(written.cwd, '--cwd');
  const config = parseConfig(
    {
      ...readOptions(written),
      ...defined({ entry }),
      cwd,
      // Relative to the current folder, as with the server.
      ...(envFile === undefined ? {} : { envFile: path.resolve(system.cwd, envFile) }),
      ...(node === undefined ? {} : { node: system.program(node, '--node') }),
      args,
      port: 0,
      reload: { enabled: false },
    },
    { ...system, cwd },
    labelOf,
  );
  const options: RaceOptions = {
    budgetMs: time('--budget', written.budget ?? DEFAULT_BUDGET),
    timeoutMs: time('--timeout', written.timeout ?? DEFAULT_TIMEOUT),
    schedules: written.schedules === undefined ? undefined : schedules(written.schedules),
    topology: topology(written.topology ?? 'both'),
    seed: config.seed,
    shard: shard(written.shard ?? '1/1'),
    first: written.first ?? false,
    resets: texts('--reset', written.reset, 'a command'),
    states: texts('--state', written.state, 'a file or a folder').map((name) =>
      path.resolve(system.cwd, name),
    ),
    yes: written.yes ?? false,
    replay: replay === undefined ? undefined : token(replay),
    inspect,
  };
  return {
    scenarios: words,
    config,
    options,
    json,
    writeTest,
    color,
    repeated: wordsToRepeat(written, args),
  };
}

function parseWords(own: readonly string[]): { words: string[]; written: WrittenRaceOptions } {
  const parser = createRaceParser();
  try {
    parser.parse(own, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw rejected(error, adviceOn);
    throw error;
  }
  return { words: parser.args, written: parser.opts<WrittenRaceOptions>() };
}

/** The server has more options. One of them is not misspelt, but of no use here. */
function adviceOn(option: string): string | undefined {
  const name = option.split('=')[0];
  if (name === '-p' || name === '--port') return 'The app gets a free port of its own.';
  const isOfServer = createParser().options.some(({ long }) => long === name);
  return isOfServer ? `${name} is an option of the server; races does not have it.` : undefined;
}

/** A time in ms. */
function time(what: string, text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  const ms = Math.round(Number(number) * UNITS[unit as keyof typeof UNITS]);
  if (ms >= 1 && ms <= MAX_TIME_MS) return ms;
  throw badConfig(what, text, 'a time up to a day, such as 500ms, 60s or 2m');
}

function schedules(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_SCHEDULES) return number;
  throw badConfig('--schedules', text, `a whole number from 1 to ${MAX_SCHEDULES}`);
}

function topology(text: string): RaceOptions['topology'] {
  const found = TOPOLOGIES.find((name) => name === text);
  if (found === undefined) throw badConfig('--topology', text, `one of ${TOPOLOGIES.join(', ')}`);
  return found;
}

/** The first part is 1/n. */
function shard(text: string): RaceOptions['shard'] {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (part.index >= 1 && part.index <= part.of && part.of <= MAX_SHARDS) return part;
  throw badConfig('--shard', text, `K/N, such as 2/4, with K from 1 to N and N up to ${MAX_SHARDS}`);
}

function token(text: string): string {
  try {
    readToken(text);
  } catch (error) {
    throw misuse(`--replay: ${(error as Error).message}`);
  }
  return text;
}

function texts(what: string, values: readonly string[] = [], allowed: string): string[] {
  const wrong = values.find((value) => value.trim() === '' || value.includes('\0'));
  if (wrong !== undefined) throw badConfig(what, wrong, allowed);
  return [...values];
}
