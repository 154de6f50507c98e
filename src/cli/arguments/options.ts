/** The options of the command line. The one list: parsing, `--help` and the names in messages all come from it. */
import { Command, Option } from 'commander';
import { DEFAULTS } from '../../protocol/config.ts';

/** What was written on the command line, before any of it was checked. */
export interface WrittenOptions {
  mode?: string;
  workers?: string;
  maxWorkers?: string;
  maxRequestsPerWorker?: string;
  affinity?: string;
  randomDelay?: string | true;
  delayRoutes?: string[];
  overlap?: string;
  overlapRoutes?: string[];
  seed?: string;
  allowedHost?: string[];
  envFile?: string;
  cwd?: string;
  node?: string;
  nodeArg?: string[];
  python?: string;
  processes?: string;
  threads?: string;
  stopTimeout?: string;
  reload: boolean;
  watch?: string[];
  reloadBrowser?: true;
  reloadWait?: string;
  editorLink?: string;
  verbose?: true;
  quiet?: true;
  json?: true;
  ipc?: true;
  color: boolean;
  open?: true;
  takeOver?: true;
  cleanUp?: true;
  version?: true;
  help?: true;
}

const { min, max } = DEFAULTS.randomDelay;

const EXAMPLES = `
Examples:
  concurrent-server                           find the app, on ${DEFAULTS.addr}:${DEFAULTS.port}
  concurrent-server app.js 0.0.0.0:9000 --mode fork --workers 4
  concurrent-server --random-delay 50-200 --delay-routes 'POST /cart/**'
  concurrent-server manage.py --mode fork     a Django project
  concurrent-server shop:create_app()         a WSGI or ASGI app of a module
  concurrent-server app.js --overlap 8,200    8 requests at once, or what came
  concurrent-server app.js -- --flag-of-app   what follows -- is the app's`;

/** A fresh parser: it keeps what it parsed, so it is good for one command line. */
export function createParser(): Command {
  return new Command('concurrent-server')
    .usage('[entry] [addr:port | port] [options] [-- app arguments]')
    .argument('[words...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .option('--mode <kind>', 'what a worker is: thread (default) or fork')
    .option('--workers <n>', 'or auto (default): the cores, between 2 and 4')
    .option('--max-workers <n>', 'the most, when all others are blocked')
    .option('--max-requests-per-worker <n>', 'then a fresh one; 0 (default): no limit')
    .option('--affinity <kind>', 'none, or client: a client keeps its worker')
    .option('--random-delay [min-max]', `hold each request so many ms (${min}-${max})`)
    .option('--delay-routes <glob>', 'hold only these; repeat, or use commas', collectList)
    .option('--overlap <n,ms>', `release n requests together, or after ms (${DEFAULTS.overlap.maxMs})`)
    .option('--overlap-routes <glob>', 'these in one group; else each route alone', collectList)
    .option('--seed <n>', 'repeat the random decisions of an earlier run')
    .option('--allowed-host <name>', 'a name requests may use; .x.test: all below', collect)
    .option('--env-file <file>', 'variables for the app; those already set win')
    .option('--cwd <folder>', 'the folder the app runs in (the current one)')
    .option('--node <path>', 'the Node that runs fork workers')
    .option('--node-arg <arg>', 'an argument for the Node of the workers; repeat', collect)
    .option('--python <path>', 'the Python of a Python app')
    .option('--processes <n>', `of a Python app in thread mode (${DEFAULTS.processes})`)
    .option('--threads <n>', `the most in each of them (${DEFAULTS.threads})`)
    .option('--stop-timeout <ms>', `how long a stop waits for requests (${DEFAULTS.stopTimeoutMs})`)
    .option('--no-reload', 'do not start the app anew when its files change')
    .option('--watch <path>', 'files, folders, globs that count as well', collectList)
    .option('--reload-browser', 'pages load anew after the app has')
    .option('--reload-wait <ms[,old]>', `the longest wait for new code (${DEFAULTS.reload.waitMs}), then 503`)
    .option('--take-over', 'end a leftover of ours that holds the port')
    .option('--clean-up', 'end all that dead servers left, and stop there')
    .option('--open', 'open the browser when ready')
    .option('--verbose', 'also workers that come and go, debug messages')
    .option('--quiet', 'say only the address and errors')
    .option('--json', 'drive it by JSON lines: see docs/protocol.md')
    .option('--no-color', 'no colours; also by the variable NO_COLOR')
    .option('--version', 'print the version')
    .option('--help', 'print this')
    .addOption(new Option('--ipc', 'messages over the channel of child_process.fork').hideHelp())
    .addOption(new Option('--editor-link <prefix>', 'what links to files begin with').hideHelp())
    .addHelpText('after', EXAMPLES)
    .configureHelp({ helpWidth: 80, visibleArguments: () => [] });
}

/** The option that sets a field of the configuration, as a person writes it. */
export function optionOf(setting: string): string {
  const own: Record<string, string> = {
    entry: 'entry',
    addr: 'address',
    port: 'port',
    randomDelay: '--random-delay',
    'randomDelay.min': '--random-delay',
    'randomDelay.max': '--random-delay',
    'randomDelay.routes': '--delay-routes',
    overlap: '--overlap',
    'overlap.size': '--overlap',
    'overlap.maxMs': '--overlap N,MAXMS',
    'overlap.routes': '--overlap-routes',
    allowedHosts: '--allowed-host',
    nodeArgs: '--node-arg',
    stopTimeoutMs: '--stop-timeout',
    'reload.watch': '--watch',
    'reload.waitMs': '--reload-wait',
    'reload.late': '--reload-wait MS,old',
  };
  return own[setting] ?? `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Commas separate, but not within braces: `/{a,b}/*` is one glob. */
function collectList(value: string, before: string[] = []): string[] {
  const parts = value.match(/(?:\{[^}]*\}|[^,])+/g) ?? [''];
  return [...before, ...parts.map((part) => part.trim())];
}
