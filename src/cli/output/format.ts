/** Formats events for a person. Pure: events in, lines out. */
import path from 'node:path';
import {
  type Color,
  escapeControls,
  escapeControlsInLines,
  type Paint,
} from '../../common/terminal-style.ts';
import type { OverlapConfig, RandomDelayConfig, ServerConfig } from '../../protocol/config.ts';
import type { WireError } from '../../protocol/errors.ts';
import {
  BLOCKED_NEWS_MS,
  type LostState,
  type ReloadReport,
  type RequestRecord,
  type ServerEvent,
  type TakenScript,
  type WorkerStatus,
} from '../../protocol/messages.ts';

/** Longest request target on an access line, in characters. */
const MAX_TARGET = 200;

export interface StartUp {
  ready: Extract<ServerEvent, { type: 'ready' }>;
  config: ServerConfig;
  version: string;
  /** Path of the app, relative to the current folder if it is inside. */
  app: string;
  /** Whether the keys work. */
  keys: boolean;
}

/** The first block of output: the address, the app, and what holds requests. */
export function startUpBlock({ ready, config, version, app, keys }: StartUp, paint: Paint): string {
  const { mode, workers, threads, seed, url, others } = ready;
  const kind = mode === 'thread' && threads === undefined ? 'thread' : 'process';
  const count = `${workers} ${kind}${workers === 1 ? '' : kind === 'thread' ? 's' : 'es'}`;
  const each = threads === undefined ? '' : ` of up to ${threads} threads`;
  const upTo = config.maxWorkers > workers ? `, up to ${config.maxWorkers} when all are blocked` : '';
  const rows = [
    ['app', escapeControls(app)],
    ...scriptRows(ready.script),
    ...(others === undefined
      ? []
      : [['also', `${others.map(escapeControls).join(', ')}; name it to run it`]]),
    ['workers', each === '' ? `${count}${upTo}` : `${count}${each}`],
    ['seed', `${seed}`],
    ['delay', delayText(config.randomDelay)],
    ['overlap', overlapText(config.overlap)],
    ...(keys ? [['keys', keyText()]] : []),
  ];
  const lines = rows.map(([name, value]) => `  ${paint('dim', name!.padEnd(8))} ${value}\n`);
  const title = `${paint('bold', 'Concurrent Server')} ${paint('dim', version)}`;
  return `\n  ${title}  ${paint('cyan', url)}\n\n${lines.join('')}\n`;
}

/** How a script runs the app. Its words come from package.json, which may hold anything. */
function scriptRows(script: TakenScript | undefined): string[][] {
  if (script === undefined) return [];
  const { from, taken, notTaken } = script;
  const text = taken.join(', ');
  return [
    from === undefined ? ['runner', escapeControls(text)] : ['as in', escapeControls(`${from}: ${text}`)],
    ...(notTaken.length === 0 ? [] : [['', escapeControls(`not taken over: ${notTaken.join(', ')}`)]]),
  ];
}

export function keyText(): string {
  return 'r restart · d delay on/off · o open · h help · q quit';
}

export function delayText({ enabled, min, max, routes }: RandomDelayConfig): string {
  if (!enabled) return 'off';
  return `${min}–${max} ms${routes.length === 0 ? '' : ` on ${escapeControls(routes.join(', '))}`}`;
}

function overlapText({ size, maxMs, routes }: OverlapConfig): string {
  if (size === 0) return 'off';
  const where = routes.length === 0 ? '' : ` on ${escapeControls(routes.join(', '))}`;
  return `${size} requests together, held for at most ${maxMs} ms${where}`;
}

/** One line per request: time, request, status, duration, worker, and what held it. */
export function accessLine(record: RequestRecord, paint: Paint): string {
  const { id, at, method, target, status, worker, totalMs, failure } = record;
  const shown = target.length > MAX_TARGET ? `${target.slice(0, MAX_TARGET)}…` : target;
  const end = status === 0 ? paint('yellow', '---') : paint(statusColor(status), String(status));
  const parts = [
    paint('dim', clock(at)),
    escapeControls(method),
    escapeControls(shown),
    end,
    duration(totalMs),
    ...(worker === 0 ? [] : [paint('dim', `#${worker}`)]),
    paint('dim', `r${id}`),
    ...held(record).map((text) => paint('magenta', text)),
    ...(failure === undefined ? [] : [paint('yellow', escapeControls(failure))]),
  ];
  return parts.join(' ');
}

function held({ delayMs, overlapMs, group, queueMs }: RequestRecord): string[] {
  return [
    ...(delayMs > 0 ? [`delay ${duration(delayMs)}`] : []),
    ...(overlapMs > 0 || group !== undefined
      ? [`overlap ${duration(overlapMs)}${group === undefined ? '' : ` g${group}`}`]
      : []),
    // Every request passes through the queue; less than this is not waiting.
    ...(queueMs >= 1 ? [`queue ${duration(queueMs)}`] : []),
  ];
}

function statusColor(status: number): Color {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
}

/** The line about a restart of the app. Undefined for a failure, which has an error of its own. */
export function reloadLine(
  { state, files, ms }: ReloadReport,
  root: string,
): { text: string; color: Color } | undefined {
  if (state === 'failed') return undefined;
  if (state === 'done') return { color: 'green', text: `restarted in ${duration(ms)}` };
  const [first] = files;
  if (first === undefined) return { color: 'dim', text: 'restarting the app' };
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  return {
    color: 'dim',
    text: `${escapeControls(path.relative(root, first))}${more} changed; restarting the app`,
  };
}

/** The state of a worker, or `busy` if it is blocked for less than {@link BLOCKED_NEWS_MS}. */
export function stateAsNews({ state, blockedMs = 0 }: WorkerStatus): WorkerStatus['state'] {
  return state === 'blocked' && blockedMs < BLOCKED_NEWS_MS ? 'busy' : state;
}

/** The line about a change of a worker's state; undefined if it needs none. */
export function workerLine(
  status: WorkerStatus,
  before: WorkerStatus['state'] | undefined,
  verbose: boolean,
): { text: string; color: Color } | undefined {
  const { id, exit, restartInMs, blockedMs } = status;
  const state = stateAsNews(status);
  if (state === before) return undefined;
  switch (state) {
    case 'blocked':
      return {
        color: 'yellow',
        text: `worker #${id} has been blocked for ${duration(blockedMs ?? 0)}; it gets no requests`,
      };
    case 'restarting': {
      const when = restartInMs === undefined || restartInMs < 1 ? 'now' : `in ${duration(restartInMs)}`;
      return { color: 'yellow', text: `another worker starts ${when}` };
    }
    case 'crashed':
      return verbose
        ? { color: 'red', text: `worker #${id} exited: ${escapeControls(exit ?? 'unknown')}` }
        : undefined;
    case 'idle':
    case 'busy':
      if (before === 'blocked') return { color: 'green', text: `worker #${id} answers again` };
      return verbose && before === 'starting' ? { color: 'dim', text: `worker #${id} is ready` } : undefined;
    case 'starting':
      return verbose ? { color: 'dim', text: `worker #${id} starts` } : undefined;
    case 'draining':
      return verbose ? { color: 'dim', text: `worker #${id} gets no more requests` } : undefined;
    case 'stopped':
      return verbose ? { color: 'dim', text: `worker #${id} has stopped` } : undefined;
  }
}

/** What the app loses, and the three things to do about it. */
export function stateLines({ cookie, route, knows, lost, setting }: LostState, paint: Paint): string {
  const one = setting === 'processes' ? '--processes 1' : '--workers 1 --max-workers 1';
  const answers = [
    ['--affinity client', 'keeps each client on one worker'],
    [one, 'runs one worker'],
    ['docs/workers.md#state-in-a-worker', 'what this means'],
  ];
  const name = escapeControls(cookie);
  const what =
    `Worker ${lost} does not know the cookie ${name} that worker ${knows} knows (${escapeControls(route)}). ` +
    'The app seems to keep sessions in memory, which workers do not share.';
  const lines = answers.map(([option, words]) => `  ${paint('cyan', option!.padEnd(36))} ${words}`);
  return [paint('yellow', what), ...lines].join('\n');
}

/** The message, then the hint, then the location and the source or the stack. */
export function errorLines(
  { code, message, hint, details }: WireError,
  paint: Paint,
  worker?: number,
): string {
  // Nothing failed: there is nothing to run.
  if (code === 'NO_APP') {
    return [paint('yellow', escapeControlsInLines(message)), escapeControlsInLines(hint ?? '')].join('\n');
  }
  const { stack, file, line, column, frame } = details ?? {};
  const where = worker === undefined ? '' : ` #${worker}`;
  const lines = [`${paint('red', `error${where}`)} ${escapeControlsInLines(message)}`];
  if (hint !== undefined) lines.push(indent(escapeControlsInLines(hint)));
  // In the form that terminals turn into a link.
  if (typeof file === 'string')
    lines.push(indent(paint('cyan', escapeControls(`${file}:${line}:${column ?? 1}`))));
  if (typeof frame === 'string') lines.push(indent(escapeControlsInLines(frame)));
  else if (typeof stack === 'string' && stack !== '')
    lines.push(paint('dim', indent(escapeControlsInLines(stack))));
  else if (code === 'INTERNAL') lines.push(indent('This is a bug in Concurrent Server, not in your app.'));
  return lines.join('\n');
}

/** A duration in ms or s. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
