/** The file that an npm script runs, if the script is a plain command. */

/** Programs that run one JavaScript or TypeScript file. */
const RUNNERS = new Set(['node', 'nodemon', 'node-dev', 'tsx', 'ts-node', 'ts-node-dev', 'tsnd']);

/** Programs that run another program; they are skipped. */
const WRAPPERS = new Set(['npx', 'cross-env']);

/** Flags of the runners whose value is the next word; other flags have no value or carry it after `=`. */
const FLAGS_WITH_VALUE = new Set([
  ...[
    '-r',
    '--require',
    '--import',
    '--loader',
    '--experimental-loader',
    '--env-file',
    '--env-file-if-exists',
  ],
  ...['-C', '--conditions', '--title', '--watch-path', '--input-type', '--icu-data-dir', '--disable-warning'],
  ...['-e', '--ext', '-w', '--watch-dir', '-i', '--ignore', '-x', '--exec', '-d', '--delay', '--signal'],
  ...['-P', '--project', '--tsconfig', '-O', '--compiler-options'],
]);

/** Flags that mean that no file follows: code on the command line, other modes of Node. */
const NOT_A_FILE = new Set(['-e', '--eval', '-p', '--print', '--test', '--run', '-i', '--interactive']);

/**
 * The file of a script such as `node server.js`, `PORT=3 nodemon --watch src app`, `tsx watch src/index.ts`. Undefined
 * if the script does more than run one file (`a && b`, pipes, other programs).
 */
export function scriptFile(script: string): string | undefined {
  const words = splitWords(script);
  if (words === undefined) return undefined;
  let at = 0;
  while (at < words.length && (isAssignment(words[at]!) || WRAPPERS.has(words[at]!))) at++;
  const runner = words[at++];
  if (runner === undefined || !RUNNERS.has(runner)) return undefined;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (runner === 'node' && NOT_A_FILE.has(word)) return undefined;
    if (word === '--') continue;
    if (word.startsWith('-')) {
      if (takesNextWord(runner, word)) at++;
    } else if (!(runner === 'tsx' && word === 'watch')) {
      return word;
    }
  }
  return undefined;
}

/** `--watch` is a switch of node and tsx, but names a folder for nodemon. */
function takesNextWord(runner: string, flag: string): boolean {
  return FLAGS_WITH_VALUE.has(flag) || (runner === 'nodemon' && flag === '--watch');
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}

/** Words of a simple command; undefined if the shell would do more than split it. */
function splitWords(script: string): string[] | undefined {
  if (/[;&|<>`$(){}\n*?]/.test(script)) return undefined;
  const words: string[] = [];
  for (const [, double, single, bare] of script.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    words.push(double ?? single ?? bare ?? '');
  }
  return words;
}
