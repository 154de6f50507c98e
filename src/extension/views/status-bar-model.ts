/** Text and tooltip of the two status bar items. Pure. */
import { escapeControls } from '../../common/terminal-style.ts';
import type { RandomDelayConfig } from '../../protocol/config.ts';
import { COMMANDS, type CommandId } from '../names.ts';
import type { NamedServer } from '../server/server-model.ts';
import { delayText, firstLine, overlapText, phaseText, type Translate, workersText } from './labels.ts';

export interface StatusItem {
  text: string;
  accessibilityLabel: string;
  /** Markdown. Text that is not from the extension is escaped. */
  tooltip: string;
}

/** The item for all servers of this window; of several it shows the number. */
export function serverItem(servers: readonly NamedServer[], now: number, t: Translate): StatusItem {
  const active = servers.filter(({ model }) => model.phase !== 'stopped');
  const [only, ...others] = active;
  if (only === undefined) return stoppedItem(t);
  if (others.length > 0) return severalItem(active, now, t);
  const { model, name } = only;
  const state = phaseText(model, now, t);
  const workers = workersText(model, t);
  const host = model.url === undefined ? undefined : new URL(model.url).host;
  const text = {
    stopped: '',
    starting: `$(loading~spin) ${t('Server starting')}`,
    running: `$(server-process) ${host ?? ''} · ${workers}`,
    reloading: `$(sync~spin) ${t('Server reloading')}`,
    broken: `$(error) ${t('App does not start')}`,
    restarting: `$(debug-restart) ${t('Server {0}', state)}`,
    stopping: `$(loading~spin) ${t('Server stopping')}`,
    failed: `$(error) ${t('Server failed')}`,
  }[model.state];
  const { problem } = model;
  const links =
    model.phase === 'failed'
      ? [link(t('Run'), COMMANDS.run), link(t('Log'), COMMANDS.showLog)]
      : [
          ...(problem === undefined ? [] : [link(t('Go to Problem'), COMMANDS.showProblem)]),
          link(t('Open in Browser'), COMMANDS.openInBrowser),
          link(t('Copy URL'), COMMANDS.copyUrl),
          link(t('Restart'), COMMANDS.restart),
          link(t('Stop'), COMMANDS.stop),
          link(t('Switch Mode'), COMMANDS.switchMode),
          link(t('Output'), COMMANDS.showOutput),
          link(t('Log'), COMMANDS.showLog),
        ];
  return {
    text,
    accessibilityLabel: t(
      'Concurrent Server {0}: {1}, {2}',
      name,
      [state, host].filter(Boolean).join(', '),
      workers,
    ),
    tooltip: [
      `**Concurrent Server** · ${state} · ${workers}`,
      problem === undefined ? '' : escapeMarkdown(escapeControls(firstLine(problem.message))),
      host ?? '',
      links.join(' · '),
    ]
      .filter(Boolean)
      .join('\n\n'),
  };
}

/** The toggle of the random delay. @param overlap shown in the tooltip, because it holds requests as well */
export function delayItem(
  randomDelay: RandomDelayConfig,
  overlap: Parameters<typeof overlapText>[0] | undefined,
  t: Translate,
): StatusItem {
  const state = delayText(randomDelay, t);
  const { enabled, routes } = randomDelay;
  const where = routes.length === 0 ? t('every request') : t('{0} routes', routes.length);
  const links = [
    link(enabled ? t('Turn Off') : t('Turn On'), COMMANDS.toggleRandomDelay),
    link(t('Set Random Delay…'), COMMANDS.setRandomDelay),
    link(t('Overlap Next Requests…'), COMMANDS.overlapNext),
  ];
  const also = overlap === undefined || overlap.size === 0 ? '' : t('Overlap: {0}', overlapText(overlap, t));
  return {
    text: enabled ? `$(watch) ${t('Delay {0}', state)}` : `$(circle-slash) ${t('Delay off')}`,
    accessibilityLabel: t('Random delay: {0}', state),
    tooltip: [
      enabled ? t('**Random delay** of {0} on {1}', state, where) : t('**Random delay** is off'),
      also,
      links.join(' · '),
    ]
      .filter(Boolean)
      .join('\n\n'),
  };
}

function stoppedItem(t: Translate): StatusItem {
  return {
    text: `$(play) ${t('Concurrent Server')}`,
    accessibilityLabel: t('Concurrent Server: stopped'),
    tooltip: [`**Concurrent Server** · ${t('stopped')}`, link(t('Run'), COMMANDS.run)].join('\n\n'),
  };
}

function severalItem(servers: readonly NamedServer[], now: number, t: Translate): StatusItem {
  const wrong = servers.some(({ model }) => model.phase === 'broken' || model.phase === 'failed');
  const count = t('{0} servers', servers.length);
  return {
    text: `$(${wrong ? 'error' : 'server-process'}) ${count}`,
    accessibilityLabel: t('Concurrent Server: {0}', count),
    tooltip: servers
      .map(({ name, model }) => `**${escapeMarkdown(name)}** · ${phaseText(model, now, t)}`)
      .join('\n\n'),
  };
}

function link(label: string, command: CommandId): string {
  return `[${label}](command:${command})`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&');
}
