/** `nest start`: which source file it would build and run, and what turns that into JavaScript here. */
import { type OptionRules, optionValue, readOptions } from './options.ts';
import { type Draft, isRecord, type Project, type RunnerUse, type ScriptReading, withMore } from './plan.ts';

const OPTIONS: OptionRules = {
  values: [
    ...['-c', '--config', '-p', '--path', '-e', '--exec', '--sourceRoot', '--entryFile', '-b', '--builder'],
    ...['--webpackPath', '--env-file'],
  ],
  switches: [
    ...[
      '-w',
      '--watch',
      '--watchAssets',
      '--preserveWatchOutput',
      '--type-check',
      '--tsc',
      '--webpack',
      '--no-shell',
    ],
    ...['-d', '--debug', '--shell'],
  ],
  anywhere: true,
};

/** Runners that keep the types of constructors, which Nest's injection needs. ts-node needs no native addon. */
const RUNNERS: ReadonlyArray<[installed: string, RunnerUse]> = [
  ['ts-node', { name: 'ts-node', label: 'ts-node', env: {}, transpileOnly: true }],
  ['@swc-node/register', { name: 'swc-node', label: 'swc-node', env: {} }],
];

export function readNest(words: readonly string[], draft: Draft, project: Project): ScriptReading {
  if (words[0] !== 'start') return { why: `nest ${words[0] ?? ''} starts no server` };
  const dashes = words.indexOf('--');
  const own = words.slice(1, dashes < 0 ? undefined : dashes);
  const args = dashes < 0 ? [] : words.slice(dashes + 1);
  const read = readOptions(own, OPTIONS);
  const file = project.json(optionValue(read, '-c', '--config') ?? 'nest-cli.json');
  const config = isRecord(file) ? file : {};
  const app = appConfig(config, read.rest[0]);
  const sourceRoot =
    optionValue(read, '--sourceRoot') ?? text(app.sourceRoot) ?? text(config.sourceRoot) ?? 'src';
  const entry = optionValue(read, '--entryFile') ?? text(app.entryFile) ?? text(config.entryFile) ?? 'main';
  const compiler = { ...options(config), ...options(app) };
  const tsconfig = optionValue(read, '-p', '--path') ?? text(compiler.tsConfigPath);
  const found = RUNNERS.find(([installed]) => project.has(installed));
  if (found === undefined) return { why: withoutRunner(project), advises: true };
  const runner = {
    ...found[1],
    env: tsconfig === undefined ? {} : tsconfigVariables(found[1].name, tsconfig),
  };
  const notTaken = [
    'type checks',
    ...(Array.isArray(compiler.plugins) && compiler.plugins.length > 0 ? ["nest-cli.json's plugins"] : []),
    ...read.unknown,
    ...own.filter((word) => /^(?:-d|--debug)(?:=|$)/.test(word)),
  ];
  const envFiles = (read.given.get('--env-file') ?? []).map((file) => ({
    ...{ file, optional: false, overrides: false },
  }));
  const nodeArgs = usesPaths(project, tsconfig) ? ['--require', 'tsconfig-paths/register'] : [];
  const all = withMore(draft, { runner, notTaken, envFiles, nodeArgs });
  return { plan: { ...all, program: { file: `${sourceRoot}/${entry.replace(/\.[jt]s$/, '')}` }, args } };
}

/** ts-node does not run modules on every Node. */
function withoutRunner(project: Project): string {
  const manifest = project.json('package.json');
  const isModule = isRecord(manifest) && manifest.type === 'module';
  const packages = isModule ? '@swc-node/register @swc/core' : 'ts-node';
  const [first] = packages.split(' ');
  return `nest start builds first; with ${first} in the project it runs from source: npm i -D ${packages}`;
}

/** In a monorepo the app that is named, or the one at the root. */
function appConfig(config: Record<string, unknown>, name: string | undefined): Record<string, unknown> {
  const projects = isRecord(config.projects) ? config.projects : {};
  const wanted = name ?? Object.keys(projects).find((key) => isApp(projects[key], config.root));
  const app = wanted === undefined ? undefined : projects[wanted];
  return isRecord(app) ? app : {};
}

function isApp(project: unknown, root: unknown): boolean {
  return isRecord(project) && project.type === 'application' && project.root === root;
}

function options(config: Record<string, unknown>): Record<string, unknown> {
  return isRecord(config.compilerOptions) ? config.compilerOptions : {};
}

function tsconfigVariables(runner: RunnerUse['name'], tsconfig: string): Record<string, string> {
  return { [runner === 'ts-node' ? 'TS_NODE_PROJECT' : 'SWC_NODE_PROJECT']: tsconfig };
}

/** Nest resolves the aliases of tsconfig.json itself when it builds. A file that can't be read as JSON may have some. */
function usesPaths(project: Project, tsconfig = 'tsconfig.json'): boolean {
  if (!project.has('tsconfig-paths')) return false;
  const file = project.json(tsconfig);
  if (!isRecord(file)) return file !== undefined;
  return (
    isRecord(file.compilerOptions) &&
    (file.compilerOptions.paths ?? file.compilerOptions.baseUrl) !== undefined
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
