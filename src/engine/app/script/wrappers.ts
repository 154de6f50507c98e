/** Commands that run another command: with variables, from a package, with secrets of a store. */
import { isGiven, type OptionRules, optionValue, readOptions } from './options.ts';
import { type Draft, type EnvFileUse, isRecord, type Project, withMore } from './plan.ts';

/** What is left to read: the words of the inner command, or a script in a shell's words. */
export type Unwrapped =
  | { words: string[]; draft: Draft }
  | { script: string; draft: Draft }
  | { why: string };

type Wrapper = (words: readonly string[], draft: Draft, project: Project) => Unwrapped;

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** Takes `NAME=value` words from the front. */
export function readAssignments(words: readonly string[]): { env: Record<string, string>; rest: string[] } {
  const env: Record<string, string> = {};
  let at = 0;
  for (
    let match = ASSIGNMENT.exec(words[0] ?? '');
    match !== null;
    match = ASSIGNMENT.exec(words[at] ?? '')
  ) {
    env[match[1]!] = match[2]!;
    at++;
  }
  return { env, rest: words.slice(at) };
}

function crossEnv(words: readonly string[], draft: Draft): Unwrapped {
  const { env, rest } = readAssignments(words.filter((word, at) => at > 0 || !word.startsWith('--')));
  return { words: rest, draft: withMore(draft, { env }) };
}

function crossEnvShell(words: readonly string[], draft: Draft): Unwrapped {
  const { env, rest } = readAssignments(words);
  return { script: rest.join(' '), draft: withMore(draft, { env }) };
}

function env(words: readonly string[], draft: Draft): Unwrapped {
  const { given, rest } = readOptions(words, {
    values: ['-u', '--unset', '-C', '--chdir'],
    switches: ['-i'],
  });
  const notTaken = [...given.keys()].map((name) => `env ${name}`);
  const inner = readAssignments(rest);
  return { words: inner.rest, draft: withMore(draft, { env: inner.env, notTaken }) };
}

const DOTENV: OptionRules = {
  values: ['-e', '-v', '-p'],
  switches: ['-o', '--override', '-c', '--debug', '--no-expand', '--quiet', '--expand', '--shell'],
};

/** dotenv-cli. The first file that has a variable wins. */
function dotenv(words: readonly string[], draft: Draft): Unwrapped {
  // `-c` may have a value, which is no other option and no command: `-c dev --`.
  const at = words.indexOf('-c');
  const named = at >= 0 && /^[\w.-]+$/.test(words[at + 1] ?? '') && !words[at + 1]!.startsWith('-');
  const cascades = named && (words[at + 2] === '--' || words[at + 2]?.startsWith('-'));
  const plain = cascades ? words.filter((_, index) => index !== at + 1) : words;
  const read = readOptions(plain, DOTENV);
  const overrides = isGiven(read, '-o', '--override');
  const names = read.given.get('-e') ?? ['.env'];
  const files = names.flatMap((name) => {
    if (!isGiven(read, '-c')) return [name];
    const kind = cascades ? words[at + 1] : undefined;
    return kind === undefined ? [`${name}.local`, name] : cascade(name, kind);
  });
  const envFiles = files.reverse().map((file): EnvFileUse => ({ file, optional: true, overrides }));
  const { env } = readAssignments(read.given.get('-v') ?? []);
  return { words: read.rest, draft: withMore(draft, { env, envFiles, notTaken: read.unknown }) };
}

function cascade(name: string, kind: string): string[] {
  return [`${name}.${kind}.local`, `${name}.local`, `${name}.${kind}`, name];
}

const DOTENVX: OptionRules = {
  lists: ['-f', '--env-file', '-e', '--env', '-fv', '--env-vault-file', '-fk', '--env-keys-file'],
  values: ['--convention', '-l', '--log-level'],
  switches: ['-o', '--overload', '-q', '--quiet', '-v', '--verbose', '-d', '--debug', '--strict', '--no-ops'],
};

function dotenvx(words: readonly string[], draft: Draft): Unwrapped {
  if (words[0] !== 'run') return { why: 'dotenvx runs no command here' };
  const end = words.indexOf('--');
  const read = readOptions(words.slice(1, end < 0 ? undefined : end), DOTENVX);
  const overrides = isGiven(read, '-o', '--overload');
  const names = [...(read.given.get('-f') ?? []), ...(read.given.get('--env-file') ?? [])];
  const envFiles = (names.length === 0 ? ['.env'] : names)
    .reverse()
    .map((file): EnvFileUse => ({ file, optional: true, overrides }));
  const { env } = readAssignments([...(read.given.get('-e') ?? []), ...(read.given.get('--env') ?? [])]);
  const inner = end < 0 ? read.rest : words.slice(end + 1);
  return { words: [...inner], draft: withMore(draft, { env, envFiles, notTaken: read.unknown }) };
}

const ENV_CMD: OptionRules = {
  values: ['-f', '--file', '-r', '--rc-file', '-e', '--environments'],
  switches: [
    '--no-override',
    '--fallback',
    '--silent',
    '--verbose',
    '-x',
    '--expand-envs',
    '--use-shell',
    '--recursive',
  ],
};

function envCmd(words: readonly string[], draft: Draft, project: Project): Unwrapped {
  const read = readOptions(words, ENV_CMD);
  const overrides = !isGiven(read, '--no-override');
  const kinds = optionValue(read, '-e', '--environments');
  let { rest } = read;
  if (kinds !== undefined) {
    const env = rcVariables(project, optionValue(read, '-r', '--rc-file'), kinds.split(','));
    const notTaken = env === undefined ? [`env-cmd -e ${kinds}`] : [];
    return { words: rest, draft: withMore(draft, { env: env ?? {}, notTaken }) };
  }
  let file = optionValue(read, '-f', '--file');
  // Its older form names the file first.
  if (file === undefined && /^\.|[\\/]|\.env|\.json$/.test(rest[0] ?? '') && rest.length > 1) {
    file = rest[0];
    rest = rest.slice(1);
  }
  const envFiles = [{ file: file ?? '.env', optional: isGiven(read, '--fallback'), overrides }];
  return { words: rest, draft: withMore(draft, { envFiles, notTaken: read.unknown }) };
}

function rcVariables(
  project: Project,
  file: string | undefined,
  kinds: readonly string[],
): Record<string, string> | undefined {
  const files = file === undefined ? ['.env-cmdrc', '.env-cmdrc.json'] : [file];
  const rc = files.map((name) => project.json(name)).find(isRecord);
  const parts = kinds.map((kind) => rc?.[kind]).filter(isRecord);
  if (parts.length === 0) return undefined;
  const entries = parts.flatMap((part) => Object.entries(part));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Tools that take secrets from a store: their command runs, without what they would have added. */
function withoutSecrets(tool: string): Wrapper {
  return (words, draft) => {
    const end = words.indexOf('--');
    if (end < 0) return { why: `${tool} names no command after --` };
    const own = [tool, ...words.slice(0, end)].join(' ');
    return { words: words.slice(end + 1), draft: withMore(draft, { notTaken: [own] }) };
  };
}

const plainly: Wrapper = (words, draft) => ({ words: [...words], draft });

/** `nice -n 5 node …`: options, then the command. */
function after(values: readonly string[]): Wrapper {
  return (words, draft) => ({ words: readOptions(words, { values }).rest, draft });
}

const WRAPPERS = new Map<string, Wrapper>([
  ['cross-env', crossEnv],
  ['cross-env-shell', crossEnvShell],
  ['env', env],
  ['dotenv', dotenv],
  ['dotenvx', dotenvx],
  ['env-cmd', envCmd],
  ['exec', plainly],
  ['time', plainly],
  ['command', plainly],
  ['nohup', plainly],
  ['dumb-init', after([])],
  ['nice', after(['-n'])],
  ['c8', after(['-r', '--reporter', '-o', '--temp-directory', '--include', '--exclude'])],
  ['nyc', after(['-r', '--reporter', '--include', '--exclude'])],
  ...['doppler', 'infisical', 'op', 'aws-vault', 'chamber', 'teller', 'vlt', 'sst'].map(
    (tool) => [tool, withoutSecrets(tool)] as const,
  ),
]);

/** Undefined for a command that wraps nothing. */
export function unwrap(words: readonly string[], draft: Draft, project: Project): Unwrapped | undefined {
  const { env, rest } = readAssignments(words);
  if (Object.keys(env).length > 0) return { words: rest, draft: withMore(draft, { env }) };
  return WRAPPERS.get(words[0] ?? '')?.(words.slice(1), draft, project);
}
