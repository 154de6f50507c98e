/** The text for client and developer when a worker has crashed or the app does not start. Pure. */

import { stripVTControlCharacters } from 'node:util';
import type { BackoffDecision } from '../../common/backoff.ts';
import { ServerError } from '../../protocol/errors.ts';
import { typescriptHint } from '../diagnostics/typescript-hint.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { LocalReply } from '../requests/local-replies.ts';
import type { ManagedWorker } from './managed-worker.ts';
import type { AppException } from './worker-traces.ts';

const MAX_LINES = 20;
/** Characters of an app's words within a sentence. */
const MAX_QUOTED = 120;
const FOREIGN_MODULES = "The app's native modules were built for another version of Node.";

/**
 * The local reply to a request whose worker crashed. The request is not sent again, because it may have had its effect.
 */
export function crashReport(
  worker: ManagedWorker,
  exchange: Exchange,
  others: readonly Exchange[],
): LocalReply {
  const { id, exit } = worker;
  const { exception, tail } = worker.traces;
  const sections = [];
  if (exception !== undefined) sections.push({ title: 'Uncaught exception', text: exception.stack });
  const lines = lastLines(tail);
  if (lines !== '') sections.push({ title: `Last output of worker ${id}`, text: lines });
  const rest = others.filter((other) => other !== exchange).map((other) => `${other.method} ${other.target}`);
  if (rest.length > 0) sections.push({ title: 'Also on this worker', text: rest.join('\n') });
  return {
    status: 502,
    title: 'The worker crashed',
    paragraphs: [
      `Worker ${id} exited ${howItExited(exit)} while handling ${exchange.method} ${exchange.target}.`,
      'This request is not retried, because it may already have had an effect. Another worker handles the next one.',
    ],
    sections,
    failure: 'worker crashed',
  };
}

/** The local reply while the app does not start. */
export function startFailureReport(worker: ManagedWorker): LocalReply {
  const { exit } = worker;
  const { exception, nothingToServe, source, tail } = worker.traces;
  // Without a reason of its own, the first sentence already names the exit.
  const hasReason = exception !== undefined || nothingToServe !== undefined;
  const exitNote = hasReason && exit !== undefined ? [`The app exited (${exit.text}).`] : [];
  const sections = [];
  if (exception !== undefined) sections.push({ title: 'Uncaught exception', text: exception.stack });
  const lines = lastLines(tail);
  if (lines !== '') sections.push({ title: 'Last output', text: lines });
  return {
    status: 500,
    title: 'The app does not start',
    paragraphs: [startFailureText(worker), ...hintsOf(exception), ...exitNote],
    sections,
    ...(source === undefined ? {} : { source }),
    awaitsCode: true,
    failure: 'app failed to start',
  };
}

/** One sentence: why the app could not be served. */
function startFailureText({ traces, exit }: ManagedWorker): string {
  const { exception, nothingToServe } = traces;
  if (nothingToServe !== undefined) return `${nothingToServe}.`;
  if (exception !== undefined) return exception.message;
  return `The app exited ${howItExited(exit)} before it listened.`;
}

/** What a worker said last that may be the reason of its end: the exception and its last lines. */
export function lastWords({ traces }: ManagedWorker): string {
  return `${traces.exception?.message ?? ''}\n${lastLines(traces.tail)}`;
}

/**
 * What is said if only one instance of the app can run.
 * @param options those that lead to one worker; undefined if there was to be one anyway
 */
export function oneInstanceText(worker: ManagedWorker, options: string | undefined): string {
  const { exception, tail } = worker.traces;
  const lines = lastLines(tail).split('\n');
  const said = firstLine(exception?.message) ?? firstLine(lines.at(-1)) ?? worker.exit?.text ?? 'it exited';
  const why = `Worker ${worker.id} ended before it listened (${said}).`;
  return options === undefined
    ? `Only one instance of this app can run: from now on a worker starts when the last one has ended. ${why}`
    : `Only one instance of this app can run: going on with one worker. ${why} ${options} says so from the start.`;
}

function firstLine(text = ''): string | undefined {
  const [line = ''] = stripVTControlCharacters(text).trim().split('\n');
  if (line === '') return undefined;
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line;
}

/** The problem for the log: the crash, and the next step. */
export function workerProblem(worker: ManagedWorker, decision: BackoffDecision): ServerError {
  const { id, served, exit } = worker;
  const { exception, nothingToServe, source } = worker.traces;
  const details = {
    exit: exit?.text,
    ...(exception === undefined ? {} : { stack: exception.stack }),
    ...source,
  };
  if (!served && exception !== undefined && isForeignModule(exception)) {
    const hint = 'Run the app with that version, or rebuild the modules: npm rebuild.';
    return new ServerError('RUNTIME_MISMATCH', FOREIGN_MODULES, { hint, details });
  }
  if (!served) {
    const code = nothingToServe === undefined ? 'APP_FAILED_TO_START' : 'APP_NEVER_LISTENED';
    const [hint] = hintsOf(exception);
    return new ServerError(code, startFailureText(worker), {
      ...(hint === undefined ? {} : { hint }),
      details,
    });
  }
  const message = `Worker ${id} exited ${howItExited(exit)}.`;
  if (decision !== 'give up') return new ServerError('WORKER_CRASHED', message, { details });
  const hint = 'Workers keep crashing. No new one is started until you restart or change the code.';
  return new ServerError('CRASH_LOOP', message, { hint, details });
}

/** In parentheses, because the text may be `exit code 1`, `signal SIGKILL` or `out of memory`. */
function howItExited(exit: ManagedWorker['exit']): string {
  return exit === undefined ? 'without a status' : `(${exit.text})`;
}

/** What the user can install, if Node can't run a file. */
function hintsOf(exception: AppException | undefined): string[] {
  const hint = exception && typescriptHint(exception.message, exception.stack);
  return hint === undefined ? [] : [hint];
}

/** Node's error for an addon that was compiled for another version of its binary interface. */
function isForeignModule({ message }: AppException): boolean {
  return message.includes('NODE_MODULE_VERSION');
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-MAX_LINES).join('\n');
}
