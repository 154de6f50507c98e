/** Which workspaces a script of a monorepo's root leads to. Pure. */
import { commandsOf } from '../../common/script-commands.ts';

/** Names, folders or patterns as written; `all` for a command that runs a script of every workspace. */
export type Leads = { to: string[] } | 'all';

const NAMING = [
  '-w',
  '--workspace',
  '--filter',
  '-F',
  '--scope',
  '--prefix',
  '--dir',
  '-C',
  '--cwd',
  '--project',
  '-p',
];
/** Nx's targets that serve. */
const TARGETS = new Set(['serve', 'dev', 'start', 'develop']);

/** Undefined if the script stays in its own package. */
export function workspacesOf(script: string, scripts: Readonly<Record<string, string>>): Leads | undefined {
  const to: string[] = [];
  let all = false;
  let folder: string | undefined;
  for (const words of commandsOf(script, scripts)) {
    const [program, target] = words;
    if (program === 'cd' || program === 'pushd') {
      folder = target;
      if (target !== undefined) to.push(target);
      continue;
    }
    const leads = leadsOf(words);
    if (leads === 'all') all = true;
    else if (leads !== undefined && folder === undefined) to.push(...leads.to);
  }
  if (to.length > 0) return { to: [...new Set(to)] };
  return all ? 'all' : undefined;
}

function leadsOf([program, ...rest]: readonly string[]): Leads | undefined {
  switch (program) {
    case 'npm':
    case 'pnpm':
    case 'bun':
      return namedIn(rest) ?? (rest.some(isEvery) ? 'all' : undefined);
    case 'yarn':
      return yarn(rest);
    case 'turbo':
    case 'lerna':
      return (
        namedIn(rest) ?? (rest[0] === 'run' || rest[0] === 'dev' || rest[0] === 'start' ? 'all' : undefined)
      );
    case 'nx':
      return nx(rest);
    default:
      return undefined;
  }
}

function isEvery(word: string): boolean {
  return /^(?:-ws|--workspaces|-r|--recursive)(?:=true)?$/.test(word);
}

function yarn(rest: readonly string[]): Leads | undefined {
  if (rest[0] === 'workspace') return rest[1] === undefined ? undefined : { to: [rest[1]] };
  if (rest[0] === 'workspaces') return namedIn(rest, ['--from', '--include']) ?? 'all';
  return namedIn(rest);
}

function nx(rest: readonly string[]): Leads | undefined {
  const [verb, ...more] = rest;
  const name = more.find((word) => !word.startsWith('-'));
  if (verb === 'run-many') {
    const projects = namedIn(more, ['--projects', '-p']);
    return projects === undefined || projects === 'all'
      ? 'all'
      : { to: projects.to.flatMap((names) => names.split(',')) };
  }
  if (verb === 'run') return name === undefined ? undefined : { to: [name.split(':')[0]!] };
  return verb !== undefined && TARGETS.has(verb) && name !== undefined ? { to: [name] } : undefined;
}

/** The values of the options that name a workspace or its folder. */
function namedIn(words: readonly string[], options: readonly string[] = NAMING): Leads | undefined {
  const to: string[] = [];
  for (const [at, word] of words.entries()) {
    // What follows is the script's own.
    if (word === '--') break;
    const [name, attached] =
      word.startsWith('--') && word.includes('=') ? splitOnce(word) : [word, undefined];
    if (!options.includes(name)) continue;
    const value = attached ?? words[at + 1];
    if (value !== undefined && !value.startsWith('-')) to.push(plainName(value));
  }
  return to.length === 0 ? undefined : { to };
}

/** `api...` and `...api` mean a workspace with those it needs, `{apps/api}` the one in a folder. */
function plainName(value: string): string {
  return value.replace(/^\.\.\.\^?|\^?\.\.\.$/g, '').replace(/^\{(.*)\}$/, '$1');
}

function splitOnce(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
