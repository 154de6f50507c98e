/** The command that replays a finding, to be pasted into a shell. Pure. */
import path from 'node:path';
import type { WrittenRaceOptions } from './options.ts';

/** The options that say which app runs and how. The others say what to explore. */
const REPEATED = [
  ['entry', '--entry'],
  ['cwd', '--cwd'],
  ['envFile', '--env-file'],
  ['mode', '--mode'],
  ['node', '--node'],
  ['nodeArg', '--node-arg'],
  ['python', '--python'],
  ['timeout', '--timeout'],
  ['reset', '--reset'],
  ['state', '--state'],
  ['yes', '--yes'],
] as const;

/** @param args the arguments for the app */
export function wordsToRepeat(written: WrittenRaceOptions, args: readonly string[]): string[] {
  const words = REPEATED.flatMap(([name, flag]) => {
    const value = written[name];
    if (value === true) return [flag];
    // A value that looks like an option is one only after `=`.
    return [value].flat().flatMap((text) => {
      if (typeof text !== 'string') return [];
      return text.startsWith('-') ? [`${flag}=${text}`] : [flag, text];
    });
  });
  return [...words, ...(args.length === 0 ? [] : ['--', ...args])];
}

export interface Shell {
  platform: NodeJS.Platform;
  /** How this program was started: `process.argv[1]`. */
  program: string;
  cwd: string;
}

export function replayCommand(
  { file, token, repeated }: { file: string; token: string; repeated: readonly string[] },
  shell: Shell,
): string {
  const words = ['races', file, '--replay', token, ...repeated];
  return [...programWords(shell), ...words].map((word) => quoted(word, shell.platform)).join(' ');
}

/** How a person starts this program here: by its name, by npx, or by node. */
function programWords({ program, cwd, platform }: Shell): string[] {
  const { relative, basename, sep } = platform === 'win32' ? path.win32 : path.posix;
  if (program.includes(`${sep}node_modules${sep}.bin${sep}`)) return ['npx', 'concurrent-server'];
  if (!/\.[cm]?js$/.test(basename(program))) return ['concurrent-server'];
  // A package that npx or the shell starts on Windows runs by its file.
  if (program.includes(`${sep}node_modules${sep}concurrent-server${sep}`))
    return ['npx', 'concurrent-server'];
  const short = relative(cwd, program);
  return ['node', short.startsWith('..') || short === '' ? program : short];
}

function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word) || (platform === 'win32' && /^[\w@+=:,./\\-]+$/.test(word))) return word;
  return platform === 'win32' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
