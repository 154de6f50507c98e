/** Programs that run one JavaScript or TypeScript file of the project. */
import { readNodeWords, splitFlag } from './node-flags.ts';
import {
  isGiven,
  labelled,
  type OptionRules,
  type OptionWords,
  optionValue,
  readOptions,
} from './options.ts';
import { type Draft, type RunnerUse, type ScriptReading, withMore } from './plan.ts';
import { TS_NODE, tsNodeUse } from './ts-node.ts';

const NO_FILE: ScriptReading = { why: 'names no file' };

/** The words behind a runner's own options are Node's options, the file, and its arguments. */
function readNodeFile(words: readonly string[], draft: Draft): ScriptReading {
  const { nodeArgs, envFiles, notTaken, rest, noFile } = readNodeWords(words);
  if (noFile !== undefined) return { why: `runs no file (${noFile})` };
  const [file, ...args] = rest;
  if (file === undefined) return NO_FILE;
  const files = envFiles.map((use) => ({ ...use, overrides: false }));
  const all = withMore(draft, { nodeArgs, notTaken, envFiles: files });
  return { plan: { ...all, program: { file }, args } };
}

/** @param own options of the runner, in front of Node's */
function runner(own: OptionRules, use: (read: OptionWords, name: string) => RunnerUse): NamedReader {
  return (words, draft, name) => {
    const { mine, others } = splitOwn(words, own);
    const read = readOptions(mine, own);
    if (isGiven(read, '-e', '--eval', '-p', '--print', '-i', '--interactive')) return { why: 'runs no file' };
    return readNodeFile(others, withMore(draft, { runner: use(read, name) }));
  };
}

type NamedReader = (words: readonly string[], draft: Draft, name: string) => ScriptReading;

/** Options of a runner stand among those of Node, in any order, before the file. */
function splitOwn(
  words: readonly string[],
  { values = [], switches = [] }: OptionRules,
): { mine: string[]; others: string[] } {
  const mine: string[] = [];
  const others: string[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--' || !word.startsWith('-')) break;
    const [name, attached] = splitFlag(word);
    if (values.includes(name)) mine.push(...(attached === undefined ? [word, words[++at] ?? ''] : [word]));
    else if (switches.includes(name)) mine.push(word);
    else {
      others.push(word);
      // The value of one of Node's options is no file.
      const alone = readNodeWords([word, 'value', 'file']);
      if (alone.rest[0] === 'file' && words[at + 1] !== undefined) others.push(words[++at]!);
    }
  }
  return { mine, others: [...others, ...words.slice(at)] };
}

const TSX: OptionRules = {
  values: ['--tsconfig', '--include', '--exclude', '--ignore'],
  switches: ['--no-cache', '--clear-screen', '--no-clear-screen'],
};

const readTsx = runner(TSX, (read, name) => {
  const tsconfig = optionValue(read, '--tsconfig');
  return {
    name: 'tsx',
    label: labelled(name, read, '--include', '--exclude', '--ignore', '--clear-screen', '--no-clear-screen'),
    env: {
      ...(tsconfig === undefined ? {} : { TSX_TSCONFIG_PATH: tsconfig }),
      ...(isGiven(read, '--no-cache') ? { TSX_DISABLE_CACHE: '1' } : {}),
    },
  };
});

/** `watch` comes first, and reload is ours. */
const tsx: NamedReader = (words, draft, name) =>
  readTsx(words[0] === 'watch' ? words.slice(1) : words, draft, name);

const tsNode = runner(TS_NODE, tsNodeUse);

const BABEL: OptionRules = {
  values: [
    '-x',
    '--extensions',
    '--config-file',
    '--env-name',
    '-b',
    '--presets',
    '--plugins',
    '-w',
    '-o',
    '-i',
  ],
  switches: ['-e', '--eval', '-p', '--print', '--root-mode', '-n', '--no-babelrc'],
};

const babelNode = runner(BABEL, (read, name) => {
  const extensions = optionValue(read, '-x', '--extensions')?.split(',');
  const env = optionValue(read, '--env-name');
  return {
    name: 'babel-node',
    label: labelled(name, read),
    env: env === undefined ? {} : { BABEL_ENV: env },
    ...(extensions === undefined ? {} : { extensions }),
  };
});

const named = (name: RunnerUse['name']): NamedReader => runner({}, (_, label) => ({ name, label, env: {} }));

/** The older programs that watch: their own options, then Node's. */
const nodeDev =
  (rules: OptionRules): NamedReader =>
  (words, draft) => {
    const { others } = splitOwn(words, rules);
    return readNodeFile(others, draft);
  };

const RUNNERS = new Map<string, NamedReader>([
  ['node', (words, draft) => readNodeFile(words, draft)],
  ['nodejs', (words, draft) => readNodeFile(words, draft)],
  ['tsx', tsx],
  ['esno', tsx],
  ['esmo', tsx],
  ['esrun', tsx],
  ['ts-node', tsNode],
  ['ts-node-dev', tsNode],
  ['tsnd', tsNode],
  ['ts-node-esm', tsNode],
  ['ts-node-script', tsNode],
  ['ts-node-cwd', tsNode],
  ['ts-node-transpile-only', tsNode],
  ['swc-node', named('swc-node')],
  ['babel-node', babelNode],
  ['sucrase-node', named('sucrase')],
  ['esr', named('esbuild-register')],
  [
    'node-dev',
    nodeDev({ switches: ['--respawn', '--notify', '--no-notify', '--clear', '--dedupe', '--poll'] }),
  ],
  [
    'supervisor',
    nodeDev({
      values: [
        '-w',
        '--watch',
        '-i',
        '--ignore',
        '-p',
        '-e',
        '--extensions',
        '-n',
        '--no-restart-on',
        '-x',
        '--exec',
      ],
      switches: ['-q', '--quiet', '-V', '--verbose', '-t', '--non-interactive', '-s', '--timestamp', '-k'],
    }),
  ],
]);

/** What `name WORDS` runs; undefined for a program that is no runner. */
export function readRunner(name: string, words: readonly string[], draft: Draft): ScriptReading | undefined {
  return RUNNERS.get(name)?.(words, draft, name);
}
