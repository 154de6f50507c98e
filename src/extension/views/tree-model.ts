/** The nodes of the tree: servers, their workers, and the requests in progress. Pure. */
import path from 'node:path';
import { defined, present } from '../../common/defined.ts';
import { escapeControls } from '../../common/terminal-style.ts';
import type { SourceLocation, WorkerState } from '../../protocol/messages.ts';
import { ITEM } from '../names.ts';
import { locationOf } from '../server/error-model.ts';
import type { NamedServer, ServerModel, WorkerView } from '../server/server-model.ts';
import {
  delayText,
  durationText,
  firstLine,
  memoryText,
  overlapText,
  phaseText,
  stateText,
  type Translate,
  workersText,
} from './labels.ts';

/** Requests shown under a worker; of the rest only the number. */
const MAX_REQUESTS = 20;
/** Characters of a request target or a message in a row. */
const MAX_CHARS = 80;

export interface TreeNode {
  /** Stays the same for the same server, worker or request. */
  id: string;
  label: string;
  description: string;
  /** Name of a product icon. */
  icon: string;
  /** A theme colour, for rows that need attention. */
  color?: string;
  /** Lines. */
  tooltip: string[];
  /** The `viewItem` in the menus' conditions. */
  context: string;
  accessibilityLabel: string;
  /** Key of the server it belongs to. */
  server: string;
  worker?: number;
  /** A click opens it. */
  location?: SourceLocation;
  children: TreeNode[];
}

/** @param now ms since the epoch */
export function treeNodes(servers: readonly NamedServer[], now: number, t: Translate): TreeNode[] {
  return servers.filter(({ model }) => model.phase !== 'stopped').map((server) => serverNode(server, now, t));
}

function serverNode({ key, name, model }: NamedServer, now: number, t: Translate): TreeNode {
  const state = phaseText(model, now, t);
  const workers = workersText(model, t);
  const address = model.url === undefined ? undefined : new URL(model.url).host;
  const { entry, url, pid, seed, problem } = model;
  const reason =
    model.state === 'broken' && problem !== undefined
      ? short(escapeControls(firstLine(problem.message)))
      : undefined;
  const description = present([state, reason, address, workers]).join(' · ');
  const location = problem === undefined ? undefined : locationOf(problem);
  return {
    id: key,
    label: name,
    description,
    ...STATE_ICONS[model.state],
    tooltip: present([
      url,
      ...model.otherUrls,
      `${state}, ${workers}`,
      problem && escapeControls(problem.message),
      entry && t('App: {0}', path.basename(entry)),
      t('Random delay: {0}', delayText(model.randomDelay, t)),
      t('Overlap: {0}', overlapText(model.overlap, t)),
      seed === undefined ? undefined : t('Seed: {0}', seed),
      model.served === 0 ? undefined : t('Requests served: {0}', model.served),
      model.queued === 0 ? undefined : t('Requests waiting: {0}', model.queued),
      pid === undefined ? undefined : t('Process {0}', pid),
    ]),
    context: `${ITEM.server}.${model.phase}`,
    accessibilityLabel: t('Server {0}, {1}, {2}', name, [state, reason].filter(Boolean).join(': '), workers),
    server: key,
    ...defined({ location }),
    children: [...model.workers.values()]
      .sort((one, other) => one.id - other.id)
      .map((worker) => workerNode(key, worker, now, t)),
  };
}

function workerNode(server: string, worker: WorkerView, now: number, t: Translate): TreeNode {
  const { id, state, mode, pid, threadId, inFlight, done, memory, exit } = worker;
  const doing = stateText(worker, now, t);
  const isThread = mode === 'thread' && threadId !== undefined;
  const where = isThread ? t('thread {0}', threadId) : t('pid {0}', pid ?? '?');
  const served = t('{0} served', done);
  const used = memory === undefined ? undefined : memoryText(memory);
  const details = present([served, used, where]);
  const requests = (worker.requests ?? []).slice(0, inFlight);
  const shown = requests
    .slice(0, MAX_REQUESTS)
    .map((request) => requestNode(server, id, request, worker, now, t));
  if (requests.length > shown.length) shown.push(moreNode(server, id, inFlight - shown.length, t));
  return {
    id: `${server}#${id}`,
    // The state comes first, because a narrow side bar cuts off the rest. Numbers are written as in the output.
    label: `#${id} ${doing}`,
    description: details.join(' · '),
    ...WORKER_ICONS[state],
    tooltip: present([
      `${t('Worker {0}', id)}: ${doing}`,
      isThread ? t('Thread {0} of process {1}', threadId, pid ?? '?') : t('Process {0}', pid ?? '?'),
      t('Requests served: {0}', done),
      t('Requests in progress: {0}', inFlight),
      used && (isThread ? t('JavaScript heap: {0}', used) : t('Memory: {0}', used)),
      exit && t('Exited: {0}', escapeControls(exit)),
    ]),
    context: `${ITEM.worker}.${state}`,
    accessibilityLabel: t('Worker {0}, {1}, {2}, {3}', id, doing, served, where),
    server,
    worker: id,
    children: shown,
  };
}

function requestNode(
  server: string,
  worker: number,
  request: { id: number; method: string; target: string; ageMs: number },
  { listedAt }: WorkerView,
  now: number,
  t: Translate,
): TreeNode {
  const target = escapeControls(request.target);
  const age = durationText(request.ageMs + now - listedAt);
  const label = `${escapeControls(request.method)} ${short(target)}`;
  return {
    id: `${server}#${worker}r${request.id}`,
    label,
    description: age,
    icon: 'arrow-right',
    tooltip: [
      `${escapeControls(request.method)} ${target}`,
      t('Request {0}, running for {1}', request.id, age),
    ],
    context: ITEM.request,
    accessibilityLabel: t('Request {0}, running for {1}', label, age),
    server,
    worker,
    children: [],
  };
}

/** The beginning of a text of any length. */
function short(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}

function moreNode(server: string, worker: number, count: number, t: Translate): TreeNode {
  const label = t('and {0} more', count);
  return {
    id: `${server}#${worker}more`,
    label,
    description: '',
    icon: 'ellipsis',
    tooltip: [],
    context: ITEM.request,
    accessibilityLabel: label,
    server,
    worker,
    children: [],
  };
}

interface Appearance {
  icon: string;
  color?: string;
}

const STATE_ICONS: Record<ServerModel['state'], Appearance> = {
  stopped: { icon: 'debug-stop' },
  starting: { icon: 'loading~spin' },
  running: { icon: 'server-process' },
  reloading: { icon: 'sync~spin' },
  broken: { icon: 'error', color: 'list.errorForeground' },
  restarting: { icon: 'debug-restart', color: 'list.warningForeground' },
  stopping: { icon: 'loading~spin' },
  failed: { icon: 'error', color: 'list.errorForeground' },
};

const WORKER_ICONS: Record<WorkerState, Appearance> = {
  starting: { icon: 'loading~spin' },
  idle: { icon: 'circle-outline' },
  busy: { icon: 'play-circle' },
  blocked: { icon: 'warning', color: 'list.warningForeground' },
  draining: { icon: 'debug-pause' },
  restarting: { icon: 'debug-restart', color: 'list.warningForeground' },
  crashed: { icon: 'error', color: 'list.errorForeground' },
  stopped: { icon: 'debug-stop' },
};
