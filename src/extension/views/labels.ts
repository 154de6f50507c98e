/** Short texts for the values of a model. Pure: the translation is passed in. */
import type { OverlapConfig, RandomDelayConfig } from '../../protocol/config.ts';
import type { ServerModel, WorkerView } from '../server/server-model.ts';

/** `vscode.l10n.t`, or in tests a function that only fills in `{0}`. */
export type Translate = (message: string, ...args: Array<string | number>) => string;

/** What a server is doing, in a word or two. */
export function phaseText(model: ServerModel, now: number, t: Translate): string {
  switch (model.state) {
    case 'stopped':
      return t('stopped');
    case 'starting':
      return t('starting');
    case 'running':
      return t('running');
    case 'reloading':
      return t('reloading');
    case 'broken':
      return t('does not start');
    case 'restarting':
      return t('restarting in {0}', secondsText((model.restartAt ?? now) - now));
    case 'stopping':
      return t('stopping');
    case 'failed':
      return t('failed');
  }
}

/** `4 threads`, `1 process`; for Python in thread mode `2 processes, 4 threads each`. */
export function workersText({ mode, baseWorkers: count, python }: ServerModel, t: Translate): string {
  if (mode === 'thread' && python !== undefined) {
    const { processes, threads } = python;
    return processes === 1
      ? t('1 process, {0} threads', threads)
      : t('{0} processes, {1} threads each', processes, threads);
  }
  if (mode === 'thread') return count === 1 ? t('1 thread') : t('{0} threads', count);
  return count === 1 ? t('1 process') : t('{0} processes', count);
}

/** What a worker is doing: `idle`, `busy 2`, `blocked for 3 s`. */
export function stateText(worker: WorkerView, now: number, t: Translate): string {
  const since = now - worker.receivedAt;
  switch (worker.state) {
    case 'starting':
      return t('starting');
    case 'idle':
      return t('idle');
    case 'busy':
      return t('busy {0}', worker.inFlight);
    case 'blocked':
      return t('blocked for {0}', durationText((worker.blockedMs ?? 0) + since));
    case 'draining':
      return t('draining');
    case 'restarting':
      return t('restarting in {0}', secondsText((worker.restartInMs ?? 0) - since));
    case 'crashed':
      return t('crashed');
    case 'stopped':
      return t('stopped');
  }
}

export function delayText({ enabled, min, max }: RandomDelayConfig, t: Translate): string {
  return enabled ? t('{0}–{1} ms', min, max) : t('off');
}

export function overlapText({ size, maxMs }: OverlapConfig, t: Translate): string {
  return size === 0 ? t('off') : t('{0} requests, at most {1} ms', size, maxMs);
}

export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.floor(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** MB of 10⁶ bytes. */
export function memoryText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}

/** Whole seconds, for a countdown. */
function secondsText(ms: number): string {
  return `${Math.max(0, Math.ceil(ms / 1000))} s`;
}
