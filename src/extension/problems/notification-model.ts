/** Which notification a problem gets, and with which buttons. Pure: the translation is passed in. */
import type { ErrorCode, NoAppDetails, WireError } from '../../protocol/errors.ts';
import type { Diagnostic, LostState, SourceLocation } from '../../protocol/messages.ts';
import { SECTION } from '../names.ts';
import { isStartFailure, locationOf } from '../server/error-model.ts';
import { type Setting, settingOf } from '../settings/settings-model.ts';
import { firstLine, type Translate } from '../views/labels.ts';

/** What a button does. */
type Choice =
  | { do: 'show output' }
  | { do: 'show log' }
  /** Restarts the workers of a server that is up. */
  | { do: 'restart workers' }
  /** Starts a server that is down. */
  | { do: 'start again' }
  /** Ends the orphaned server that holds the port, and starts. */
  | { do: 'take over' }
  | { do: 'use next port'; taken: number }
  /** Without candidates the user picks from all files. */
  | { do: 'choose entry'; candidates: readonly string[] }
  | { do: 'open setting'; setting: string }
  | { do: 'go to problem'; location: SourceLocation }
  /** Writes these settings, of which a running server takes those that it can. */
  | { do: 'write settings'; values: Readonly<Partial<Record<Setting, unknown>>> }
  /** Shows a section of the documentation. */
  | { do: 'read'; page: 'workers'; section: string }
  /** Writes the setting `runtime` and starts. */
  | { do: 'use runtime'; runtime: 'node' | undefined };

export type Button = Choice & { title: string };

export interface Notice {
  level: 'error' | 'warning' | 'info';
  message: string;
  buttons: Button[];
}

/** For a start that failed: nothing of the server is left. */
export function startFailure({ code, message, hint, details }: WireError, t: Translate): Notice {
  // The hints of other errors are for the command line.
  const text = code === 'RUNTIME_MISSING' && hint !== undefined ? `${message} ${hint}` : message;
  const notice = (...buttons: Button[]): Notice => ({ level: 'error', message: text, buttons });
  const openSetting = (setting: string, title = t('Open Setting')): Button => ({
    do: 'open setting',
    title,
    setting,
  });
  switch (code) {
    case 'PORT_TAKEN':
      return notice(...portButtons(details, t), openSetting(settingOf('port'), t('Change Port…')));
    case 'PORT_DENIED':
      return notice(openSetting(settingOf('port'), t('Change Port…')));
    case 'ADDRESS_UNAVAILABLE':
      return notice(openSetting(settingOf('addr'), t('Change Address…')));
    case 'ENTRY_AMBIGUOUS':
      return notice(chooseEntry((details?.candidates ?? []) as string[], t));
    case 'ENTRY_NOT_FOUND':
      return notice(chooseEntry([], t), openSetting(settingOf('entry')));
    case 'NO_APP':
      return noApp(message, details as NoAppDetails | undefined, hint, t);
    case 'RUNTIME_MISSING':
      return notice(openSetting(settingOf('python')));
    case 'BAD_CONFIG':
      return notice(openSetting(typeof details?.setting === 'string' ? details.setting : SECTION));
    default:
      return notice(showLog(t));
  }
}

/** Nothing failed, so it is no error. The list of what was looked at is in the log. */
function noApp(
  message: string,
  details: NoAppDetails | undefined,
  hint: string | undefined,
  t: Translate,
): Notice {
  const { frontEnd, workspaces = [] } = details ?? {};
  const entries = workspaces.map(({ entry }) => entry);
  const other = frontEnd !== undefined && entries.length === 0 ? hint : undefined;
  const below = entries.length === 0 ? other : t('There is a server in {0}.', entries.join(', '));
  return {
    level: 'info',
    message: [message, below].filter(Boolean).join(' '),
    buttons: [chooseEntry(entries, t), showLog(t)],
  };
}

function portButtons(details: WireError['details'], t: Translate): Button[] {
  const { port, owner } = (details ?? {}) as { port?: number; owner?: { leftover?: boolean } };
  const buttons: Button[] = [];
  if (owner?.leftover === true) buttons.push({ do: 'take over', title: t('Take Over') });
  if (port !== undefined) buttons.push({ do: 'use next port', title: t('Use Next Free Port'), taken: port });
  return buttons;
}

/** What the notification about a server's error depends on, beside the error. */
export interface ErrorContext {
  /** The setting `runtime` that the server was started with. */
  runtime: string | undefined;
  reloading: boolean;
  /** The user knows that the app does not start. */
  knownBroken: boolean;
}

/** For an error of a server that is up. Undefined for a crash that is repaired: the tree and the log show it. */
export function serverError(error: WireError, context: ErrorContext, t: Translate): Notice | undefined {
  const { code, message } = error;
  if (code === 'RUNTIME_MISMATCH') {
    return { level: 'error', message, buttons: [otherRuntime(context.runtime, t), showOutput(t)] };
  }
  if (appDoesNotStart(code)) return isNews(error, context) ? appFailure(error, t) : undefined;
  if (code !== 'CRASH_LOOP') return undefined;
  return {
    level: 'error',
    message: t('Workers keep crashing: {0}', message),
    buttons: [restartWorkers(t), showOutput(t), showLog(t)],
  };
}

/** Whether the error is about the app's code, and not about the Node that runs it. */
export function appDoesNotStart(code: ErrorCode): boolean {
  return isStartFailure(code) && code !== 'RUNTIME_MISMATCH';
}

/**
 * After a save with a mistake, the Problems view, the status bar and the browser show that the app does not start. Only
 * the first start, and a failure without a location, need a notification, and only one.
 */
function isNews(error: WireError, { reloading, knownBroken }: ErrorContext): boolean {
  return !knownBroken && (!reloading || locationOf(error) === undefined);
}

function appFailure(error: WireError, t: Translate): Notice {
  const location = locationOf(error);
  const goTo: Button[] =
    location === undefined ? [] : [{ do: 'go to problem', title: t('Go to Problem'), location }];
  return {
    level: 'error',
    message: t('The app does not start: {0}', firstLine(error.message)),
    buttons: [...goTo, showOutput(t), showLog(t), restartWorkers(t)],
  };
}

/** For the diagnostics that the Problems view cannot show, because they have no file; undefined if there are none. */
export function frameworkDiagnostics(diagnostics: readonly Diagnostic[], t: Translate): Notice | undefined {
  const shown = diagnostics.filter(({ file, level }) => file === undefined && level !== 'info');
  if (shown.length === 0) return undefined;
  return {
    level: shown.some(({ level }) => level === 'error') ? 'error' : 'warning',
    message: shown.map(({ text }) => text).join(' · '),
    buttons: [showOutput(t)],
  };
}

/** For an app that keeps sessions in the memory of a worker. */
export function stateInWorker({ cookie, route, knows, lost, setting }: LostState, t: Translate): Notice {
  const one = setting === 'processes' ? { processes: 1 } : { workers: 1, maxWorkers: 1 };
  return {
    level: 'warning',
    message: t(
      'Worker {0} does not know the cookie {1} that worker {2} knows ({3}). The app seems to keep sessions in memory, which workers do not share.',
      lost,
      cookie,
      knows,
      route,
    ),
    buttons: [
      { do: 'write settings', title: t('Keep Each Client on a Worker'), values: { affinity: 'client' } },
      { do: 'write settings', title: t('Use One Worker'), values: one },
      { do: 'read', title: t('What This Means'), page: 'workers', section: 'state-in-a-worker' },
    ],
  };
}

/** For a server process that died and is being restarted. */
export function serverDied(message: string, t: Translate): Notice {
  return { level: 'warning', message: t('{0} It is being restarted.', message), buttons: [showLog(t)] };
}

/** For a server that stays down. */
export function serverGaveUp(message: string, t: Translate): Notice {
  return {
    level: 'error',
    message,
    buttons: [{ do: 'start again', title: t('Start Again') }, showLog(t)],
  };
}

function otherRuntime(runtime: string | undefined, t: Translate): Button {
  return runtime === undefined
    ? { do: 'use runtime', title: t('Use the Node on the PATH'), runtime: 'node' }
    : { do: 'use runtime', title: t("Use the Editor's Node"), runtime: undefined };
}

function chooseEntry(candidates: readonly string[], t: Translate): Button {
  return { do: 'choose entry', title: t('Choose…'), candidates };
}

function restartWorkers(t: Translate): Button {
  return { do: 'restart workers', title: t('Restart') };
}

function showOutput(t: Translate): Button {
  return { do: 'show output', title: t('Show Output') };
}

function showLog(t: Translate): Button {
  return { do: 'show log', title: t('Show Log') };
}
