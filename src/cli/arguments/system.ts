/** The facts about this machine that the command line needs. */
import { accessSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MAX_SEED } from '../../protocol/config.ts';
import { badConfig } from '../../protocol/errors.ts';
import type { System } from './parse-arguments.ts';

export function thisSystem(): System {
  return {
    cwd: process.cwd(),
    cores: os.availableParallelism(),
    seed: Math.floor(Math.random() * (MAX_SEED + 1)),
    exists: (name, cwd) => statSync(path.resolve(cwd, name), { throwIfNoEntry: false }) !== undefined,
    folder,
    program: (name, setting) => program(name, setting, process.env.PATH ?? ''),
    hasChannel: process.send !== undefined,
  };
}

function folder(name: string, setting: string): string {
  const absolute = path.resolve(name);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return absolute;
  throw badConfig(setting, name, stats === undefined ? 'a folder that exists' : 'a folder, not a file');
}

/** Looks a bare name up on the PATH, as a shell does. */
function program(name: string, setting: string, searched: string): string {
  const bare = name === path.basename(name);
  const folders = bare ? searched.split(path.delimiter).filter((folder) => folder !== '') : ['.'];
  const endings = process.platform === 'win32' ? ['', '.exe'] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = path.resolve(folder, name + ending);
      if (isProgram(candidate)) return candidate;
    }
  }
  throw badConfig(setting, name, `a Node program that can be run${bare ? ' and is on the PATH' : ''}`);
}

function isProgram(candidate: string): boolean {
  try {
    accessSync(candidate, constants.X_OK);
    return statSync(candidate).isFile();
  } catch {
    return false;
  }
}
