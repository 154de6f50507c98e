/** Random delay and overlap, changed by commands. They hold for this session; no setting is written. */
import * as vscode from 'vscode';
import { defined } from '../../common/defined.ts';
import { MAX_OVERLAP, MAX_SEED, type RandomDelayConfig } from '../../protocol/config.ts';
import { ask } from '../problems/ask.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { writeSetting } from '../settings/configuration.ts';
import { parseRange, parseRoutes } from '../settings/settings-model.ts';
import { delayText } from '../views/labels.ts';

const { t } = vscode.l10n;

export async function toggleRandomDelay(servers: Servers, app: AppFolder): Promise<void> {
  const now = delayOf(servers, app);
  await apply(servers, app, { ...now, enabled: !now.enabled });
}

/** Asks for range, routes and seed. */
export async function setRandomDelay(servers: Servers, app: AppFolder): Promise<void> {
  const now = delayOf(servers, app);
  const title = t('Random Delay');
  const range = await vscode.window.showInputBox({
    title: `${title} (1/3)`,
    prompt: t('Each request is delayed by a random time in this range, in ms.'),
    value: `${now.min}-${now.max}`,
    validateInput: (text) =>
      parseRange(text) === undefined ? t('Enter a range in ms, such as 50-200, up to 60000.') : undefined,
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
    value: String(app.server.model.seed ?? ''),
    validateInput: (text) =>
      /^\d*$/.test(text.trim()) && Number(text) <= MAX_SEED
        ? undefined
        : t('Enter a whole number up to {0}, or leave this empty.', MAX_SEED),
  });
  if (seed === undefined) return;
  const chosen = { ...parsed, enabled: true, routes: parseRoutes(routes) };
  // Also sent if it did not change: the sequence of delays then starts again, as the user expects.
  await apply(servers, app, chosen, seed.trim() === '' ? undefined : Number(seed));
  await ask(
    t('Requests are delayed by {0} until this window is closed.', delayText(chosen, t)),
    [
      {
        title: t('Save in Workspace Settings'),
        run: async () => {
          for (const name of ['enabled', 'min', 'max', 'routes'] as const) {
            await writeSetting(app.folder, `randomDelay.${name}`, chosen[name]);
          }
        },
      },
    ],
    'info',
  );
}

/** Holds the next N requests and releases them together, once. */
export async function overlapNext(app: AppFolder): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: t('Overlap Next Requests'),
    prompt: t(
      'The number of requests to hold and release together, then optional routes. For example: 2 POST /cart/*',
    ),
    value: '2',
    validateInput: (input) =>
      parseOverlap(input) === undefined
        ? t('Enter a number from 2 to {0}, optionally followed by routes.', MAX_OVERLAP)
        : undefined,
  });
  const overlap = text === undefined ? undefined : parseOverlap(text);
  if (overlap === undefined) return;
  const answer = app.server.ask({ type: 'overlapNext', ...overlap });
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Holding the next {0} requests', overlap.size),
      cancellable: true,
    },
    async (_progress, cancel) => {
      cancel.onCancellationRequested(() => {
        // Fails only if the server has stopped; then it holds no request.
        app.server.ask({ type: 'set', overlap: {} }).catch(() => {});
      });
      await answer;
    },
  );
}

function parseOverlap(text: string): { size: number; routes: string[] } | undefined {
  const match = /^\s*(\d{1,4})\b\s*(.*)$/.exec(text);
  const size = Number(match?.[1]);
  if (match === null || size < 2 || size > MAX_OVERLAP) return undefined;
  return { size, routes: parseRoutes(match[2] ?? '') };
}

function delayOf(servers: Servers, app: AppFolder): RandomDelayConfig {
  const { model } = app.server;
  return model.active ? model.randomDelay : servers.effective(app).config.randomDelay;
}

async function apply(
  servers: Servers,
  app: AppFolder,
  delay: RandomDelayConfig,
  seed?: number,
): Promise<void> {
  if (app.server.model.active) {
    await app.server.set({ randomDelay: delay, ...defined({ seed }) });
  }
  app.delay = delay;
  servers.touch();
}
