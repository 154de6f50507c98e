/** Commands that run several others, at once or in turn. */
import { type OptionRules, readOptions } from './options.ts';
import type { Project } from './plan.ts';
import { quoteWords } from './shell-words.ts';

export interface OneOfSeveral {
  /** As a person calls it: a script's name, or the command. */
  name: string;
  script: string;
  /** It comes after the one before it has ended. */
  inTurn: boolean;
}

const CONCURRENTLY: OptionRules = {
  values: [
    ...[
      '-n',
      '--names',
      '-c',
      '--prefix-colors',
      '-p',
      '--prefix',
      '-l',
      '--prefix-length',
      '-m',
      '--max-processes',
    ],
    ...[
      '-s',
      '--success',
      '-t',
      '--timestamp-format',
      '--restart-tries',
      '--restart-after',
      '--name-separator',
    ],
    ...['--hide', '--default-input-target', '--kill-signal', '--kill-timeout', '--teardown', '--cwd'],
  ],
  switches: [],
  anywhere: true,
};

const RUN_ALL: OptionRules = { values: ['--max-parallel', '--npm-path'], switches: [], anywhere: true };

/** Undefined for a command that runs one. */
export function readSeveral(words: readonly string[], project: Project): OneOfSeveral[] | undefined {
  const [name, ...rest] = words;
  switch (name) {
    case 'concurrently':
    case 'conc':
      return readOptions(rest, CONCURRENTLY).rest.flatMap((command) => fromConcurrently(command, project));
    case 'run-p':
      return runAll(rest, project, false);
    case 'run-s':
      return runAll(rest, project, true);
    case 'npm-run-all':
    case 'npm-run-all2':
      return npmRunAll(rest, project);
    default:
      return undefined;
  }
}

/** `npm:dev`, `npm:dev:*` and `npm:dev-*` are scripts; the rest are commands. */
function fromConcurrently(command: string, project: Project): OneOfSeveral[] {
  const [, pattern, more = ''] = /^(?:npm|yarn|pnpm|bun|node):(\S+)(.*)$/s.exec(command) ?? [];
  if (pattern === undefined) return [{ name: command, script: command, inTurn: false }];
  return matching(pattern, project, /.*/).map((name) => ({
    ...{ name, script: `npm run ${quoteWords([name])}${more === '' ? '' : ` --${more}`}`, inTurn: false },
  }));
}

function runAll(words: readonly string[], project: Project, inTurn: boolean): OneOfSeveral[] {
  return readOptions(words, RUN_ALL).rest.flatMap((pattern) => fromRunAll(pattern, project, inTurn));
}

/** `-p` and `-s` say how the scripts behind them run. */
function npmRunAll(words: readonly string[], project: Project): OneOfSeveral[] {
  let inTurn = true;
  return words.flatMap((word) => {
    if (/^(?:-s|--sequential|--serial)$/.test(word)) inTurn = true;
    else if (/^(?:-p|--parallel)$/.test(word)) inTurn = false;
    else if (!word.startsWith('-')) return fromRunAll(word, project, inTurn);
    return [];
  });
}

/** A pattern may have arguments behind it: `"start -- --port 3"`. */
function fromRunAll(text: string, project: Project, inTurn: boolean): OneOfSeveral[] {
  const [pattern = '', ...args] = text.split(/\s+/);
  return matching(pattern, project, /[^:]*/).map((name) => ({
    ...{ name, script: ['npm', 'run', quoteWords([name]), ...args].join(' '), inTurn },
  }));
}

/** Names of scripts that fit. @param star what `*` stands for; `**` stands for anything */
function matching(pattern: string, project: Project, star: RegExp): string[] {
  if (!pattern.includes('*')) return [pattern];
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (!part.startsWith('*')) return part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
    return part === '*' ? star.source : '.*';
  });
  const whole = new RegExp(`^${parts.join('')}$`);
  return Object.keys(project.scripts).filter((name) => whole.test(name));
}
