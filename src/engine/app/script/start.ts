/** How a worker's Node is started so that the app runs as its script says. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { flagTexts, readNodeWords } from './node-flags.ts';
import type { EnvFileUse, RunnerUse, ScriptPlan } from './plan.ts';
import { dependenciesOf, packageFolder, readJson } from './project.ts';
import { runnerFlags } from './runner-preload.ts';
import { readShell } from './shell-words.ts';

/** The app of a script, ready to be started. */
export interface ScriptStart {
  /** Where it stands, such as `scripts.dev`; undefined where only a runner was added. */
  from: string | undefined;
  /** The app runs in it; undefined leaves the folder as it is. */
  folder: string | undefined;
  /** Absolute path. */
  entry: string;
  env: Record<string, string>;
  envFiles: EnvFileUse[];
  nodeArgs: string[];
  args: string[];
  /** What was taken over and what was not, in words for a person. */
  taken: string[];
  notTaken: string[];
}

/** Variables that the server gives the app itself. */
const GIVEN = ['PORT', 'HOST'];
const TYPESCRIPT = /\.(?:[cm]?ts|tsx|jsx)$/;
/** What in a worker's flags shows that something already makes Node understand TypeScript. */
const COMPILES = /tsx|ts-node|swc|esbuild|sucrase|babel|jiti|tsimp|tsm|oxc|types|ts-exec|loader/;

export function scriptStart(plan: ScriptPlan, from: string, entry: string): ScriptStart {
  const { folder, envFiles, args } = plan;
  const { NODE_OPTIONS: nodeOptions, ...variables } = plan.env;
  const options = nodeOptionsOf(nodeOptions);
  const env = Object.fromEntries(Object.entries(variables).filter(([name]) => !GIVEN.includes(name)));
  const ports = GIVEN.filter((name) => name in variables).map((name) => `${name}=${variables[name]}`);
  const use = runnerUse(plan, entry, [...options.nodeArgs, ...plan.nodeArgs]);
  const nodeArgs = [...options.nodeArgs, ...use.flags, ...plan.nodeArgs];
  const program = 'command' in plan.program ? plan.program.command : use.label;
  const taken = [
    ...(program === undefined ? [] : [program]),
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...envFiles.map(({ file }) => file),
    ...flagTexts([...options.nodeArgs, ...plan.nodeArgs]),
    ...(args.length === 0 ? [] : [`${args.length} argument${args.length === 1 ? '' : 's'}`]),
  ];
  return {
    ...{ from, folder, entry, envFiles, nodeArgs, args },
    env: { ...env, ...use.env },
    taken: taken.length === 0 ? ['node'] : taken,
    notTaken: unique([...use.notTaken, ...options.notTaken, ...ports, ...plan.notTaken]),
  };
}

/** A file that no script runs, with the runner that the project has for it; undefined where it needs none. */
export function fileStart(entry: string, nodeArgs: readonly string[]): ScriptStart | undefined {
  const runner = TYPESCRIPT.test(entry) ? projectRunner(entry, false, nodeArgs) : undefined;
  const flags = runner === undefined ? undefined : runnerFlags(path.dirname(entry), runner, entry);
  if (runner === undefined || flags === undefined) return undefined;
  return {
    ...{ from: undefined, folder: undefined, entry, env: runner.env, envFiles: [], args: [] },
    ...{ nodeArgs: flags, taken: [runner.label], notTaken: [] },
  };
}

interface UsedRunner {
  label: string | undefined;
  flags: string[];
  env: Record<string, string>;
  notTaken: string[];
}

function runnerUse(plan: ScriptPlan, entry: string, nodeArgs: readonly string[]): UsedRunner {
  const fallback =
    'file' in plan.program && TYPESCRIPT.test(entry) ? projectRunner(entry, true, nodeArgs) : undefined;
  const runner = plan.runner ?? fallback;
  if (runner === undefined) return { label: undefined, flags: [], env: {}, notTaken: [] };
  const flags = runnerFlags(plan.folder, runner, entry);
  const { label, env } = runner;
  if (flags !== undefined) return { label, flags, env, notTaken: [] };
  return { label: undefined, flags: [], env: {}, notTaken: [`${label} (not installed here)`] };
}

/**
 * The runner that a project has for a TypeScript file without one.
 *
 * @param plainNode its script runs it by `node`, so that a Node that can do it needs no help
 */
function projectRunner(
  entry: string,
  plainNode: boolean,
  nodeArgs: readonly string[],
): RunnerUse | undefined {
  const able = Boolean((process.features as { typescript?: unknown }).typescript);
  if ((plainNode && able) || nodeArgs.some((word) => COMPILES.test(word))) return undefined;
  const folder = packageOf(entry);
  const asked = dependenciesOf(readJson(path.join(folder, 'package.json')));
  const runners: RunnerUse[] = [
    { name: 'tsx', label: 'tsx', env: {} },
    { name: 'ts-node', label: 'ts-node', env: {}, transpileOnly: true },
    { name: 'swc-node', label: 'swc-node', env: {} },
  ];
  // Injection by the types of constructors needs them in the code, which tsx does not keep.
  if (keepsTypes(folder)) runners.push(runners.shift()!);
  return runners.find(({ name }) => {
    const needed = name === 'swc-node' ? '@swc-node/register' : name;
    // A package that another one brought along is used only where nothing else would do.
    return able ? asked.includes(needed) : packageFolder(folder, needed) !== undefined;
  });
}

/** The nearest folder with a package.json. */
function packageOf(file: string): string {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at;
    if (path.dirname(at) === at) return path.dirname(file);
  }
}

function keepsTypes(folder: string): boolean {
  try {
    return /"emitDecoratorMetadata"\s*:\s*true/.test(
      readFileSync(path.join(folder, 'tsconfig.json'), 'utf8'),
    );
  } catch {
    return false;
  }
}

function nodeOptionsOf(text: string | undefined): { nodeArgs: string[]; notTaken: string[] } {
  const shell = readShell((text ?? '').replaceAll('$', '\\$'), () => undefined);
  if ('why' in shell) return { nodeArgs: [], notTaken: [`NODE_OPTIONS=${text}`] };
  return readNodeWords(shell.commands.flatMap(({ words }) => words));
}

/** Flags that Node refuses for a thread: those of V8, and those of a whole process. */
export function refusedByThreads(nodeArgs: readonly string[]): string[] {
  const texts = flagTexts(nodeArgs);
  const suspicious = texts.filter(
    (text) => !/^(?:-r|--require|--import|--loader|-C|--conditions)\b/.test(text),
  );
  return suspicious.filter((text) => !isHeapLimit(text) && isRefused(text));
}

/** A thread has limits of its own in place of these; see workers/node/thread/heap-limits.ts. */
function isHeapLimit(text: string): boolean {
  return /^--max[-_](?:old[-_]space|semi[-_]space)[-_]size\b/.test(text);
}

function isRefused(text: string): boolean {
  try {
    const thread = new Worker('0', { eval: true, execArgv: text.split(' '), stdout: true, stderr: true });
    thread.on('error', () => {});
    void thread.terminate();
    return false;
  } catch {
    return true;
  }
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
