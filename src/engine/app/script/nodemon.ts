/** nodemon: what it would run, from its options and its configuration. What it would watch is not ours. */
import { type OptionRules, optionValue, readOptions } from './options.ts';
import { type Draft, isRecord, type Project, withMore } from './plan.ts';
import { quoteWords } from './shell-words.ts';

/** The script that is to be read in its place. */
export type Nodemon = { script: string; draft: Draft } | { why: string };

const WATCHES = ['-w', '--watch', '-e', '--ext', '-i', '--ignore'];

const OPTIONS: OptionRules = {
  values: [
    ...['--config', '-x', '--exec', '-d', '--delay', '-s', '--signal', '--cwd', '--polling-interval', '-m'],
    ...WATCHES,
  ],
  switches: [
    ...[
      '-q',
      '--quiet',
      '-V',
      '--verbose',
      '-I',
      '--no-stdin',
      '-L',
      '--legacy-watch',
      '-C',
      '--on-change-only',
    ],
    ...[
      '--spawn',
      '--no-colors',
      '--colours',
      '--no-update-notifier',
      '--exitcrash',
      '-t',
      '--poll',
      '--dump',
    ],
  ],
};

/** Programs for a file by its ending, unless the configuration has others. */
const BY_ENDING: Record<string, string> = { ts: 'ts-node', tsx: 'ts-node', mts: 'ts-node', cts: 'ts-node' };

export function readNodemon(words: readonly string[], draft: Draft, project: Project): Nodemon {
  const read = readOptions(words, OPTIONS);
  const named = optionValue(read, '--config');
  const config = configOf(project, named);
  const nodeArgs = [...read.unknown, ...texts(config.nodeArgs)];
  const exec = optionValue(read, '-x', '--exec') ?? text(config.exec);
  const more = { env: variables(config.env), notTaken: watching(config, [...read.given.keys()]) };
  const taken = withMore(draft, more);
  let [file, ...args] = read.rest;
  file ??= text(config.script) ?? (exec === undefined ? project.main : undefined);
  if (args.length === 0) args = texts(config.args);
  if (exec !== undefined) {
    const words = quoteWords([...nodeArgs, ...(file === undefined ? [] : [file]), ...args]);
    return { script: `${exec} ${words}`.trim(), draft: taken };
  }
  if (file === undefined) {
    const { start } = project.scripts;
    return start === undefined ? { why: 'nodemon names no file' } : { script: start, draft: taken };
  }
  const map = isRecord(config.execMap) ? config.execMap : {};
  const ending = /\.(\w+)$/.exec(file)?.[1] ?? 'js';
  const program = text(map[ending]) ?? programFor(ending, project);
  return { script: `${program} ${quoteWords([...nodeArgs, file, ...args])}`, draft: taken };
}

function programFor(ending: string, project: Project): string {
  const program = BY_ENDING[ending];
  if (program === undefined) return 'node';
  return !project.has(program) && project.has('tsx') ? 'tsx' : program;
}

function configOf(project: Project, named: string | undefined): Record<string, unknown> {
  const file = project.json(named ?? 'nodemon.json');
  if (isRecord(file)) return file;
  const manifest = project.json('package.json');
  const own = isRecord(manifest) ? manifest.nodemonConfig : undefined;
  return isRecord(own) ? own : {};
}

/** What was written about watching: names of it, since which files count is decided elsewhere. */
function watching(config: Record<string, unknown>, given: readonly string[]): string[] {
  const names = new Set<string>();
  for (const [name, ...options] of [
    ['watch', '-w', '--watch'],
    ['ext', '-e', '--ext'],
    ['ignore', '-i', '--ignore'],
    ['events'],
  ] as const) {
    if (config[name] !== undefined || options.some((option) => given.includes(option))) names.add(name);
  }
  return names.size === 0 ? [] : [`nodemon's ${[...names].join(', ')}`];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function variables(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
}
