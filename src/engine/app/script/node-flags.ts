/** Node's own flags on a command line: which take a value, and which a worker can't have. */

/** Flags whose value is the next word, or stands behind `=`. */
const WITH_VALUE = new Set([
  ...['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'],
  ...['--env-file', '--env-file-if-exists', '--experimental-config-file', '--experimental-default-type'],
  ...[
    '--title',
    '--watch-path',
    '--watch-kill-signal',
    '--input-type',
    '--icu-data-dir',
    '--disable-warning',
  ],
  ...[
    '--openssl-config',
    '--tls-cipher-list',
    '--tls-keylog',
    '--trace-event-categories',
    '--localstorage-file',
  ],
  ...['--trace-event-file-pattern', '--unhandled-rejections', '--dns-result-order', '--max-http-header-size'],
  ...['--diagnostic-dir', '--report-dir', '--report-directory', '--report-filename', '--report-signal'],
  ...['--redirect-warnings', '--secure-heap', '--secure-heap-min', '--cpu-prof-dir', '--cpu-prof-name'],
  ...['--cpu-prof-interval', '--heap-prof-dir', '--heap-prof-name', '--heap-prof-interval', '--v8-pool-size'],
  ...['--heapsnapshot-near-heap-limit', '--heapsnapshot-signal', '--inspect-port', '--debug-port'],
  ...['--inspect-publish-uid', '--network-family-autoselection-attempt-timeout', '--disable-proto'],
  ...['--allow-fs-read', '--allow-fs-write', '--use-largepages', '--es-module-specifier-resolution'],
  ...['--experimental-specifier-resolution', '--snapshot-blob', '--trace-require-module'],
]);

/** Modes of Node in which it runs no file as a server. */
const NO_FILE = new Set([
  ...[
    '-e',
    '--eval',
    '-p',
    '--print',
    '-pe',
    '-i',
    '--interactive',
    '-c',
    '--check',
    '--test',
    '-v',
    '--version',
  ],
  ...['-h', '--help', '--v8-options', '--build-snapshot', '--completion-bash', '--prof-process'],
]);

/** Reload is ours. */
const WATCHING = new Set(['--watch', '--watch-path', '--watch-preserve-output', '--watch-kill-signal']);

export interface NodeWords {
  nodeArgs: string[];
  envFiles: { file: string; optional: boolean }[];
  notTaken: string[];
  /** What follows the flags: the file and its arguments. */
  rest: string[];
  /** The flag for which there is no file to run. */
  noFile?: string;
  /** `node --run NAME`. */
  script?: string;
}

/** Splits the words behind `node`. */
export function readNodeWords(words: readonly string[]): NodeWords {
  const read: NodeWords = { nodeArgs: [], envFiles: [], notTaken: [], rest: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--' || word === '-' || !word.startsWith('-')) {
      return { ...read, rest: words.slice(word === '--' ? at + 1 : at) };
    }
    const [name, attached] = splitFlag(word);
    const hasNext = attached === undefined && WITH_VALUE.has(name);
    const value = hasNext ? words[++at] : attached;
    if (name === '--run') return { ...read, ...defined('script', attached ?? words[at + 1]) };
    if (NO_FILE.has(name)) return { ...read, noFile: word };
    if (hasNext && value === undefined) return read;
    addFlag(read, name, value, hasNext ? [word, value!] : [word]);
  }
  return read;
}

function addFlag(read: NodeWords, name: string, value: string | undefined, words: string[]): void {
  if (WATCHING.has(name)) return;
  if (name === '--env-file' || name === '--env-file-if-exists') {
    if (value !== undefined) read.envFiles.push({ file: value, optional: name.endsWith('exists') });
  } else if (isInspector(name)) read.notTaken.push(words.join(' '));
  else read.nodeArgs.push(...words);
}

/** Several workers can't listen at the inspector's one port. */
function isInspector(name: string): boolean {
  return /^--(?:inspect|debug)(?:-|$)/.test(name);
}

/** `--name=value` as its two parts; `-rfile` is no form that Node knows. */
export function splitFlag(word: string): [name: string, value: string | undefined] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

function defined(name: 'script', value: string | undefined): { script?: string } {
  return value === undefined ? {} : { [name]: value };
}

/** The flags as a person reads them: a flag with its value is one. */
export function flagTexts(nodeArgs: readonly string[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < nodeArgs.length; at++) {
    const word = nodeArgs[at]!;
    texts.push(WITH_VALUE.has(word) ? `${word} ${nodeArgs[++at] ?? ''}`.trim() : word);
  }
  return texts;
}
