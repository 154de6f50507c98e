/** npm, pnpm, yarn and their like: which script, or which package's command, their words run. */
import { type OptionRules, optionValue, readOptions } from './options.ts';
import type { Project } from './plan.ts';
import { quoteWords } from './shell-words.ts';

/** A script of a package.json with more words behind it, or a command of a package. */
export type ManagerCall =
  | { script: string; args: string[]; folder?: string }
  | { words: string[] }
  | { shell: string }
  | { why: string };

const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'npx', 'pnpx', 'bunx', 'cnpm', 'yarnpkg']);

const RULES: OptionRules = {
  values: [
    '--prefix',
    '-C',
    '--dir',
    '--cwd',
    '-w',
    '--workspace',
    '-F',
    '--filter',
    '--loglevel',
    '--script-shell',
  ],
  switches: [],
};

const EXEC: OptionRules = { values: ['-p', '--package', '-c', '--call', '--cwd', '-C'], switches: [] };

const RUNS = new Set(['run', 'run-script', 'rum', 'urn']);
const EXECUTES = new Set(['exec', 'x', 'dlx']);
const ELSEWHERE = 'runs a script of another package';

/** Undefined for a program that is none of them. */
export function readManager(words: readonly string[], project: Project): ManagerCall | undefined {
  const [name, ...rest] = words;
  if (name === undefined || !MANAGERS.has(name)) return undefined;
  if (name === 'npx' || name === 'pnpx' || name === 'bunx') return execute(rest);
  const own = readOptions(rest, RULES);
  const folder = optionValue(own, '--prefix', '-C', '--dir', '--cwd');
  if (optionValue(own, '-w', '--workspace', '-F', '--filter') !== undefined) return { why: ELSEWHERE };
  const [verb, ...more] = own.rest;
  if (verb === undefined) return { why: `${name} starts nothing` };
  if (verb === 'workspace' || verb === 'workspaces') return { why: ELSEWHERE };
  if (EXECUTES.has(verb)) return execute(more);
  if (RUNS.has(verb)) return runs(name, more, folder, project);
  if (verb === 'start') return script('start', more, name, folder);
  if (name === 'npm' || name === 'cnpm') return { why: `npm ${verb} starts no server` };
  if (verb === 'node' && name !== 'bun') return { words: ['node', ...more] };
  // Of pnpm and yarn every other word may be a script, or else a package's command.
  if (folder !== undefined || project.scripts[verb] !== undefined) return script(verb, more, name, folder);
  return name === 'bun' ? { why: 'needs Bun' } : { words: [verb, ...more] };
}

function runs(
  manager: string,
  words: readonly string[],
  outer: string | undefined,
  project: Project,
): ManagerCall {
  const read = readOptions(words, RULES);
  const [name, ...args] = read.rest;
  if (optionValue(read, '-w', '--workspace', '-F', '--filter') !== undefined) return { why: ELSEWHERE };
  if (name === undefined) return { why: `${manager} run names no script` };
  if (manager === 'bun' && project.scripts[name] === undefined) return { why: 'needs Bun' };
  return script(name, args, manager, optionValue(read, '--prefix', '-C', '--dir', '--cwd') ?? outer);
}

/** What npm passes on stands behind `--`; pnpm and yarn pass on all. */
function script(name: string, words: readonly string[], manager: string, folder?: string): ManagerCall {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const elsewhere = own.some((word) => /^(?:-w|--workspaces?|--filter)(?:=|$)/.test(word));
  if (elsewhere && manager === 'npm') return { why: ELSEWHERE };
  const at = own.findIndex((word) => word === '--prefix' || word === '--cwd');
  const passed = dashes < 0 ? [] : words.slice(dashes + 1);
  const args =
    manager === 'npm'
      ? [...own.filter((word) => !word.startsWith('-') && at < 0), ...passed]
      : [...own, ...passed];
  const where = folder ?? (at < 0 ? undefined : own[at + 1]);
  return { script: name, args, ...(where === undefined ? {} : { folder: where }) };
}

function execute(words: readonly string[]): ManagerCall {
  const read = readOptions(words, EXEC);
  const call = optionValue(read, '-c', '--call');
  if (call !== undefined) return { shell: call };
  const [name, ...args] = read.rest;
  if (name === undefined) return { why: 'names no command' };
  if (read.unknown.includes('--bun')) return { why: 'needs Bun' };
  return { words: [name.replace(/(?<=.)@[^/]*$/, ''), ...args] };
}

export function withArguments(script: string, args: readonly string[]): string {
  return args.length === 0 ? script : `${script} ${quoteWords(args)}`;
}
