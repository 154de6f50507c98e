/** The simple commands that an npm script runs, as far as they can be read without a shell. Pure. */

type Scripts = Readonly<Record<string, string>>;

/** Programs before a command that only change its variables or find it. Their options go with them. */
const WRAPPERS = new Set([
  ...['cross-env', 'cross-env-shell', 'env', 'dotenv', 'dotenvx', 'env-cmd', 'npx', 'pnpx', 'bunx', 'exec'],
  ...['time', 'nohup', 'start-server-and-test'],
]);
/** Programs whose other words are whole commands, and those whose words are scripts. */
const COMMANDS = new Set(['concurrently', 'conc']);
const SCRIPTS = new Set(['run-p', 'run-s', 'npm-run-all', 'npm-run-all2']);
const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
/** Scripts may call each other; deeper than this they hardly mean a server. */
const MAX_DEPTH = 6;

/** The words of each command of `script`, with those of the scripts that it calls in their place. */
export function commandsOf(script: string, scripts: Scripts, callers: readonly string[] = []): string[][] {
  if (callers.length > MAX_DEPTH || callers.includes(script)) return [];
  const path = [...callers, script];
  let moved = false;
  return simpleCommands(script).flatMap((words) => {
    moved ||= words[0] === 'cd' || words[0] === 'pushd';
    // In another folder, `npm run x` runs a script of another package.json.
    return moved ? [unwrap(words)] : unfold(unwrap(words), scripts, path);
  });
}

function unfold(words: string[], scripts: Scripts, path: readonly string[]): string[][] {
  const [program, ...rest] = words;
  if (program === undefined) return [];
  if (COMMANDS.has(program) || SCRIPTS.has(program)) {
    return rest.flatMap((word) => inner(word, COMMANDS.has(program), scripts, path));
  }
  const called = calledScript(words, scripts);
  return called === undefined ? [words] : commandsOf(called, scripts, path);
}

/** A word of `concurrently` or `run-p`: a command in quotes, a script's name, or a pattern of names. */
function inner(word: string, isCommand: boolean, scripts: Scripts, path: readonly string[]): string[][] {
  if (word.startsWith('-')) return [];
  const name = word.replace(/^(?:npm|pnpm|yarn|bun):/, '');
  if (name.includes('*')) {
    const pattern = new RegExp(`^${name.split('*').map(escapeRegExp).join('.*')}$`);
    const matches = Object.keys(scripts).filter((script) => pattern.test(script));
    return matches.flatMap((script) => commandsOf(scripts[script]!, scripts, path));
  }
  const script = isCommand && name === word ? undefined : scripts[name];
  if (script !== undefined) return commandsOf(script, scripts, path);
  return isCommand ? commandsOf(word, scripts, path) : [];
}

/** The text of the script that `npm run x`, `npm start`, `yarn x`, `pnpm x` call in this folder. */
function calledScript([program, ...rest]: string[], scripts: Scripts): string | undefined {
  if (program === undefined || !MANAGERS.has(program)) return undefined;
  // Options that lead to another folder change the meaning of the whole.
  const plain = rest.filter((word) => !['-s', '--silent', '--if-present', '--'].includes(word));
  if (plain[0]?.startsWith('-')) return undefined;
  const named = plain[0] === 'run' || plain[0] === 'run-script' ? plain[1] : plain[0];
  if (plain.slice(1).some((word) => /^(?:-w|--workspaces?)\b/.test(word))) return undefined;
  return named === undefined ? undefined : scripts[named];
}

function unwrap(words: string[]): string[] {
  let rest = words;
  for (;;) {
    const [first, second] = rest;
    if (first === undefined) return rest;
    if (/^[A-Za-z_]\w*=/.test(first)) rest = rest.slice(1);
    else if (WRAPPERS.has(first)) rest = behindOptions(rest.slice(1));
    else if (MANAGERS.has(first) && (second === 'exec' || second === 'dlx' || second === 'x')) {
      rest = behindOptions(rest.slice(2));
    } else if (first === 'bun' && second === '--bun') rest = ['bun', ...rest.slice(2)];
    else return withPlainProgram(rest);
  }
}

/** Options of a wrapper; those with a value before the command's `--` or with a file as the value. */
function behindOptions(words: string[]): string[] {
  const end = words.indexOf('--');
  if (end >= 0 && words.slice(0, end).every((word, at) => at === 0 || !isProgram(words[at - 1]!, word))) {
    return words.slice(end + 1);
  }
  let at = 0;
  while (at < words.length && (words[at]!.startsWith('-') || /^\.env|[\\/]\.env/.test(words[at]!))) at++;
  return words.slice(at);
}

/** Whether a word before `--` is the command already, and not the value of an option. */
function isProgram(before: string, word: string): boolean {
  return !before.startsWith('-') && !word.startsWith('-') && !word.includes('=');
}

/** `node_modules/.bin/vite`, and `node --flags node_modules/vite/bin/vite.js`, are `vite`. */
function withPlainProgram(words: string[]): string[] {
  if (words[0] === 'node') {
    const at = words.findIndex((word, at) => at > 0 && !word.startsWith('-'));
    const file = words[at]?.replaceAll('\\', '/') ?? '';
    const [, command] = /node_modules\/(?:.*\/)?([\w.-]+?)(?:\.[cm]?js)?$/.exec(file) ?? [];
    return command === undefined ? words : [command, ...words.slice(at + 1)];
  }
  const [program, ...rest] = words;
  return [program!.replace(/^.*node_modules[\\/]\.bin[\\/]/, ''), ...rest];
}

/** Splits at the shell's joints, outside quotes; a quoted text is one word without its quotes. */
function simpleCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  const token =
    /\\?"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|\||[;&|\n]+)|((?:[^\s"';&|\\]|\\.|(?<=\S)["'][^"']*["'])+)/g;
  for (const [, double, single, joint, bare] of script.matchAll(token)) {
    if (joint !== undefined) commands.push([]);
    else commands.at(-1)!.push((double ?? single ?? bare ?? '').replace(/\\(["'])/g, '$1'));
  }
  return commands.filter((words) => words.length > 0);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
