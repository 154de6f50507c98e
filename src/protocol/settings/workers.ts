/** Settings of the workers and of the programs that run them. */
import type { Settings } from './setting.ts';

/** More workers than this are a typing mistake. */
const MAX_WORKERS = 64;
/** Each thread of a Python process has its own socket. */
const MAX_THREADS = 256;

export const WORKER_SETTINGS = {
  mode: {
    type: 'choice',
    group: 'workers',
    takesEffect: 'new workers',
    choices: {
      thread: 'A thread: starts fast, uses little memory. For Python, one thread per request',
      fork: 'A process of its own, as in production',
    },
    default: 'thread',
    words: 'What a worker is. See also {workers}.',
    cli: { flag: '--mode <kind>', help: 'what a worker is: thread (default) or fork', namesDefault: true },
    vscode: {},
    django: 'CONCURRENT_THREADING',
  },
  workers: {
    type: 'integer',
    group: 'workers',
    takesEffect: 'at once',
    min: 1,
    max: MAX_WORKERS,
    auto: true,
    default: { words: 'auto', of: ({ cores }) => Math.min(4, Math.max(2, cores)) },
    words: 'The number of workers, from 1 to 64, or `auto`: one per core, 2 to 4. See also {maxWorkers}.',
    cli: {
      flag: '--workers <n>',
      help: 'number, or auto (default): one per core, 2 to 4',
      namesDefault: true,
    },
    vscode: { invalid: 'A whole number from 1 to 64, or auto' },
  },
  maxWorkers: {
    type: 'integer',
    group: 'workers',
    takesEffect: 'at once',
    min: 1,
    max: MAX_WORKERS,
    // Room above the base number, for when all of them are blocked.
    default: { words: 'twice `workers`', of: (_, { workers }) => Math.min(MAX_WORKERS, workers * 2) },
    words:
      'The upper limit. Extra workers start only when all others are blocked. If empty, it is twice the number of ' +
      '{workers}.',
    cli: {
      flag: '--max-workers <n>',
      help: 'upper limit if all are blocked (default: twice)',
      namesDefault: true,
      about: 'The upper limit. Extra workers start only when all others are blocked.',
    },
    vscode: {},
  },
  maxRequestsPerWorker: {
    type: 'integer',
    group: 'workers',
    takesEffect: 'next start',
    min: 0,
    max: 1_000_000_000,
    default: 0,
    words: 'A worker is replaced after this many requests. 0 means never.',
    cli: {
      flag: '--max-requests-per-worker <n>',
      help: 'replace after n requests (default: never)',
      namesDefault: true,
    },
    vscode: {},
  },
  affinity: {
    type: 'choice',
    group: 'workers',
    takesEffect: 'at once',
    choices: {
      none: 'Each request goes to a worker that can take it now',
      client: 'Each client (address and user agent) keeps its worker',
    },
    default: 'none',
    words: 'Whether each client keeps its worker. This helps apps that keep sessions in a variable.',
    cli: {
      flag: '--affinity <kind>',
      help: 'none (default), or client: one worker each',
      namesDefault: true,
    },
    vscode: {},
  },
} as const satisfies Settings;

export const RUNTIME_SETTINGS = {
  runtime: {
    type: 'text',
    group: 'runtime',
    takesEffect: 'next start',
    rule: { fits: () => true, allowed: 'the path of a Node program, or node' },
    words:
      'The Node that runs the server and the app: the path of a program, or `node` for the one on the PATH. If empty, ' +
      "the editor's own.",
    vscode: { restricted: true, ofMachine: true },
    ofDriver: true,
  },
  node: {
    type: 'text',
    group: 'runtime',
    takesEffect: 'next start',
    words: 'The Node that runs the workers in fork mode: a path, or a name on the PATH.',
    cli: { flag: '--node <path>', help: 'Node that runs the workers in fork mode' },
  },
  nodeArgs: {
    type: 'list',
    group: 'runtime',
    takesEffect: 'next start',
    default: [],
    allowed: 'an argument of Node',
    fits: (text) => text !== '',
    words: 'Arguments for the Node of the workers, such as `--conditions=dev`.',
    cli: {
      flag: '--node-arg <arg>',
      help: 'argument for the Node of the workers; repeat',
      about:
        'An argument for the Node of the workers, such as `--conditions=dev`. Repeat the option for more.',
    },
    vscode: { restricted: true },
  },
  python: {
    type: 'text',
    group: 'runtime',
    takesEffect: 'next start',
    words:
      'The Python of a Python app: the path of a program, a name on the PATH, or the folder of an environment. If ' +
      'empty, the one chosen in the Python extension, else the environment of the folder (`.venv`, `venv`, Poetry, ' +
      'conda), else `python3`.',
    cli: {
      flag: '--python <path>',
      help: 'Python of a Python app, or its environment',
      about:
        'The Python of a Python app: the path of a program, a name on the PATH, or the folder of an environment. ' +
        'Default: the environment of the folder (`.venv`, `venv`, Poetry, conda), else `python3`.',
    },
    vscode: { restricted: true, ofMachine: true },
  },
  processes: {
    type: 'integer',
    group: 'runtime',
    takesEffect: 'next start',
    min: 1,
    max: MAX_WORKERS,
    default: 1,
    words: 'Python, thread mode: the number of processes, from 1 to 64. {workers} does not count there.',
    cli: { flag: '--processes <n>', help: 'Python: processes in thread mode' },
    vscode: {},
  },
  threads: {
    type: 'integer',
    group: 'runtime',
    takesEffect: 'next start',
    min: 1,
    max: MAX_THREADS,
    default: 32,
    words:
      'Python, thread mode: threads per process, from 1 to 256. Each serves one request at a time. See also {processes}.',
    cli: { flag: '--threads <n>', help: 'Python: threads per process' },
    vscode: {},
  },
} as const satisfies Settings;
