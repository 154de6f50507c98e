/** Prepares a Node app: what its script says, as settings. A person's own settings are added, and win. */
import path from 'node:path';
import type { ServerConfig } from '../../protocol/config.ts';
import type { TakenScript } from '../../protocol/messages.ts';
import { refusedByThreads, type ScriptStart } from './script/start.ts';

export interface NodeApp {
  config: ServerConfig;
  script: TakenScript | undefined;
  /** Absolute paths of the files with variables. */
  files: string[];
}

export function prepareNode(config: ServerConfig, start: ScriptStart | undefined): NodeApp {
  if (start === undefined) return { config, script: undefined, files: [] };
  const { cwd } = config;
  const folder = start.folder ?? cwd;
  const envFile = config.envFile === undefined ? {} : { envFile: path.resolve(cwd, config.envFile) };
  // Who names the file writes its arguments; else they are added to those of the script, as npm does.
  const args = config.entry !== undefined && config.args.length > 0 ? [] : start.args;
  const refused = config.mode === 'thread' ? refusedByThreads(start.nodeArgs) : [];
  const chosen = config.given.includes('mode');
  const nodeArgs = refused.length > 0 && chosen ? without(start.nodeArgs, refused) : start.nodeArgs;
  const moved = refused.length > 0 && !chosen;
  const { from, notTaken } = start;
  const taken = moved
    ? [...start.taken, `processes (${refused.join(', ')})`]
    : withoutAll(start.taken, refused);
  return {
    config: {
      ...config,
      ...envFile,
      cwd: folder,
      args: [...args, ...config.args],
      nodeArgs: [...nodeArgs, ...config.nodeArgs],
      ...(moved ? { mode: 'fork' } : {}),
    },
    script: {
      ...(from === undefined ? {} : { from }),
      taken: taken.length === 0 ? ['node'] : taken,
      notTaken: moved ? notTaken : [...notTaken, ...refused],
    },
    files: start.envFiles.map(({ file }) => path.resolve(folder, file)),
  };
}

/** @param texts flags, each with its value if it has one */
function without(nodeArgs: readonly string[], texts: readonly string[]): string[] {
  return withoutAll(
    nodeArgs,
    texts.flatMap((text) => text.split(' ')),
  );
}

function withoutAll(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((text) => !some.includes(text));
}
