/** AdonisJS: `node ace serve` starts the server in a process of its own. Which file that process would run, and how. */
import { type OptionRules, readOptions } from './options.ts';
import { type Draft, type Project, type ScriptReading, withMore } from './plan.ts';

const OPTIONS: OptionRules = {
  values: ['--assets-args'],
  // Reload is ours, and so are the watchers of a terminal.
  switches: ['--hmr', '-w', '--watch', '--no-clear', '--clear', '-p', '--poll'],
  anywhere: true,
};

/** What the versions of AdonisJS load in front of their TypeScript, the newest first. */
const LOADERS: ReadonlyArray<[installed: string, nodeArgs: string[]]> = [
  ['@poppinss/ts-exec', ['--import', '@poppinss/ts-exec']],
  ['ts-node-maintained', ['--import', 'ts-node-maintained/register/esm']],
];

/** @param words those behind `node`, if they call ace; undefined for any other file */
export function readAce(
  [file, command, ...words]: readonly string[],
  draft: Draft,
  project: Project,
): ScriptReading | undefined {
  if (!/^(?:\.\/)?ace(?:\.js)?$/.test(file ?? '') || !project.has('@adonisjs/core')) return undefined;
  if (command !== 'serve') return { why: `ace ${command ?? ''} starts no server` };
  const loader = LOADERS.find(([installed]) => project.has(installed));
  if (loader === undefined) {
    const why =
      'ace serve starts the server in a process of its own, and no loader of TypeScript is installed';
    return { why };
  }
  const { unknown } = readOptions(words, OPTIONS);
  const all = withMore(draft, { nodeArgs: loader[1], notTaken: unknown });
  return { plan: { ...all, program: { file: 'bin/server.ts' }, args: [] } };
}
