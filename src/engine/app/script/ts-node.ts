/** The options of ts-node and ts-node-dev. */
import { isGiven, labelled, type OptionRules, type OptionWords, optionValue } from './options.ts';
import type { RunnerUse } from './plan.ts';

export const TS_NODE: OptionRules = {
  values: [
    ...[
      '-P',
      '--project',
      '-O',
      '--compiler-options',
      '--compilerOptions',
      '-I',
      '--ignore',
      '-C',
      '--compiler',
    ],
    ...['-D', '--ignore-diagnostics', '--ignoreDiagnostics', '--cwd', '--dir', '--scope-dir', '--tsconfig'],
    // Of ts-node-dev.
    ...['--watch', '--ignore-watch', '--debounce', '--interval', '--exec-check', '-b', '--cache-directory'],
  ],
  switches: [
    ...['-T', '--transpile-only', '--transpileOnly', '-F', '--fast', '--esm', '--swc', '--files', '-s'],
    ...[
      '--script-mode',
      '--cwd-mode',
      '--type-check',
      '--typeCheck',
      '--log-error',
      '--logError',
      '--pretty',
    ],
    ...['--prefer-ts-exts', '--preferTsExts', '--skip-project', '--skip-ignore', '--scope', '--emit', '-H'],
    ...['--compiler-host', '-e', '--eval', '-p', '--print', '-i', '--interactive', '--disable-warnings'],
    // Of ts-node-dev.
    ...[
      '--respawn',
      '--rs',
      '--no-respawn',
      '--exit-child',
      '--cls',
      '--clear',
      '--poll',
      '--deps',
      '--all-deps',
    ],
    ...['--no-deps', '--dedupe', '--fork', '--no-notify', '--notify', '--quiet', '--debug', '--tree-kill'],
  ],
};

/** Options of ts-node-dev that are about watching. */
const WATCHING = [
  ...['--watch', '--ignore-watch', '--debounce', '--interval', '--exec-check', '--respawn', '--rs', '--cls'],
  ...['--no-respawn', '--exit-child', '--clear', '--poll', '--deps', '--all-deps', '--no-deps', '--dedupe'],
  ...['--fork', '--no-notify', '--notify', '--quiet', '--debug', '--tree-kill', '--cache-directory'],
];

/** Options of ts-node, and the variable by which its preload has the same. */
const TS_NODE_VARIABLES: ReadonlyArray<readonly [variable: string, ...options: string[]]> = [
  ['TS_NODE_PROJECT', '-P', '--project', '--tsconfig'],
  ['TS_NODE_COMPILER_OPTIONS', '-O', '--compiler-options', '--compilerOptions'],
  ['TS_NODE_IGNORE', '-I', '--ignore'],
  ['TS_NODE_COMPILER', '-C', '--compiler'],
  ['TS_NODE_IGNORE_DIAGNOSTICS', '-D', '--ignore-diagnostics', '--ignoreDiagnostics'],
  ['TS_NODE_CWD', '--cwd', '--dir'],
  ['TS_NODE_SCOPE_DIR', '--scope-dir'],
  ['TS_NODE_TRANSPILE_ONLY', '-T', '--transpile-only', '--transpileOnly', '-F', '--fast', '--swc'],
  ['TS_NODE_FILES', '--files'],
  ['TS_NODE_LOG_ERROR', '--log-error', '--logError'],
  ['TS_NODE_PRETTY', '--pretty'],
  ['TS_NODE_PREFER_TS_EXTS', '--prefer-ts-exts', '--preferTsExts'],
  ['TS_NODE_SKIP_PROJECT', '--skip-project'],
  ['TS_NODE_SKIP_IGNORE', '--skip-ignore'],
  ['TS_NODE_SCOPE', '--scope'],
  ['TS_NODE_TYPE_CHECK', '--type-check', '--typeCheck'],
  ['TS_NODE_COMPILER_HOST', '-H', '--compiler-host'],
];

/** What ts-node or ts-node-dev, by its options, asks of the preload of ts-node. */
export function tsNodeUse(read: OptionWords, name: string): RunnerUse {
  const env: Record<string, string> = {};
  for (const [variable, ...options] of TS_NODE_VARIABLES) {
    const value = optionValue(read, ...options);
    if (value !== undefined) env[variable] = value === '' ? 'true' : value;
  }
  const transpileOnly = env.TS_NODE_TRANSPILE_ONLY === 'true' || name === 'ts-node-transpile-only';
  const esm = isGiven(read, '--esm') || name === 'ts-node-esm';
  const label = labelled(name, read, ...WATCHING);
  return {
    name: 'ts-node',
    label,
    env,
    ...(transpileOnly ? { transpileOnly } : {}),
    ...(esm ? { esm } : {}),
  };
}
