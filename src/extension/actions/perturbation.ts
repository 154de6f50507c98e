/** Random delay and overlap, switched by hand. What is set here holds for this session; settings are not written. */
import * as vscode from 'vscode';
import { MAX_OVERLAP, MAX_SEED, type RandomDelayConfig } from '../../protocol/config.ts';
import { ask } from '../problems/notifications.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { writeSetting } from '../settings/configuration.ts';
import { parseRange, parseRoutes } from '../settings/settings-model.ts';
import { delayText } from '../views/labels.ts';

const { t } = vscode.l10n;

export async function toggleRandomDelay(servers: Servers, hosted: Hosted): Promise<void> {
  const now = delayOf(servers, hosted);
  await apply(servers, hosted, { ...now, enabled: !now.enabled });
}

/** Asks for range, routes and seed. */
export async function setRandomDelay(servers: Servers, hosted: Hosted): Promise<void> {
  const now = delayOf(servers, hosted);
  const title = t('Random Delay');
  const range = await vscode.window.showInputBox({
    title: `${title} (1/3)`,
    prompt: t('Each request is delayed by a random time in this range, in ms.'),
    value: `${now.min}-${now.max}`,
    validateInput: (written) =>
      parseRange(written) === undefined ? t('Enter a range in ms, such as 50-200, up to 60000.') : undefined,
  });
  const parsed = range === undefined ? undefined : parseRange(range);
  if (parsed === undefined) return;
  const routes = await vscode.window.showInputBox({
    title: `${title} (2/3)`,
    prompt: t('Routes to delay, separated by commas. Leave this empty to delay every request.'),
    placeHolder: 'POST /cart/**, /api/*',
    value: now.routes.join(', '),
  });
  if (routes === undefined) return;
  const seed = await vscode.window.showInputBox({
    title: `${title} (3/3)`,
    prompt: t('The seed. The same seed repeats the same delays.'),
    value: String(hosted.server.model.seed ?? ''),
    validateInput: (written) =>
      /^\d*$/.test(written.trim()) && Number(written) <= MAX_SEED
        ? undefined
        : t('Enter a whole number up to {0}, or leave this empty.', MAX_SEED),
  });
  if (seed === undefined) return;
  const chosen = { ...parsed, enabled: true, routes: parseRoutes(routes) };
  // The same seed as before begins its delays anew, which is what it is given for.
  await apply(servers, hosted, chosen, seed.trim() === '' ? undefined : Number(seed));
  await ask(
    t('Requests are delayed by {0} until this window is closed.', delayText(chosen, t)),
    [
      {
        title: t('Save in Workspace Settings'),
        run: async () => {
          for (const name of ['enabled', 'min', 'max', 'routes'] as const) {
            await writeSetting(hosted.folder, `randomDelay.${name}`, chosen[name]);
          }
        },
      },
    ],
    'info',
  );
}

/** Holds the next N requests and lets them go together, once. */
export async function overlapNext(hosted: Hosted): Promise<void> {
  const written = await vscode.window.showInputBox({
    title: t('Overlap Next Requests'),
    prompt: t(
      'The number of requests to hold and release together, then optional routes. For example: 2 POST /cart/*',
    ),
    value: '2',
    validateInput: (text) =>
      parseOverlap(text) === undefined
        ? t('Enter a number from 2 to {0}, optionally followed by routes.', MAX_OVERLAP)
        : undefined,
  });
  const overlap = written === undefined ? undefined : parseOverlap(written);
  if (overlap === undefined) return;
  const answer = hosted.server.ask({ type: 'overlapNext', ...overlap });
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Holding the next {0} requests', overlap.size),
      cancellable: true,
    },
    async (_progress, cancel) => {
      // A server that is gone holds nothing any more.
      cancel.onCancellationRequested(() => {
        hosted.server.ask({ type: 'set', overlap: {} }).catch(() => {});
      });
      await answer;
    },
  );
}

function parseOverlap(written: string): { size: number; routes: string[] } | undefined {
  const match = /^\s*(\d{1,4})\b\s*(.*)$/.exec(written);
  const size = Number(match?.[1]);
  if (match === null || size < 2 || size > MAX_OVERLAP) return undefined;
  return { size, routes: parseRoutes(match[2] ?? '') };
}

function delayOf(servers: Servers, hosted: Hosted): RandomDelayConfig {
  const { model } = hosted.server;
  return model.active ? model.randomDelay : servers.effective(hosted).config.randomDelay;
}

async function apply(
  servers: Servers,
  hosted: Hosted,
  delay: RandomDelayConfig,
  seed?: number,
): Promise<void> {
  if (hosted.server.model.active) {
    await hosted.server.set({ randomDelay: delay, ...(seed === undefined ? {} : { seed }) });
  }
  hosted.delay = delay;
  servers.touch();
}
