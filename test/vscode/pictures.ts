/**
 * Pictures of the example shop in a real VS Code. With a folder as argument: every theme and a narrow side bar, an app
 * that does not start, a notification, the settings and the walkthrough.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { WebHost } from './web-host.ts';
import { answers, type Project, project } from './windows.ts';
import { Workbench } from './workbench.ts';

const SHOP = `const http = require('node:http');

const routes = {
  '/api/quick': (response) => response.end('{"stock":3}'),
  '/api/slow': (response) => setTimeout(() => response.end('{}'), 20_000),
  '/api/block': (response) => {
    const end = Date.now() + 20_000;
    while (Date.now() < end);
    response.end('{}');
  },
};

http.createServer((request, response) => {
  console.log(request.method, request.url);
  routes[request.url]?.(response);
}).listen(process.env.PORT);
`;

const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
};
const folder = process.argv[2];

if (folder === undefined) {
  await show('Default Dark Modern', 1000, async (bench, page) => {
    // The mouse must not hover over anything.
    const away = () => page.mouse.move(650, 200);
    await away();
    const clip = { x: 0, y: 0, width: 1000, height: 560 };
    await page.screenshot({ path: 'media/picture.png', clip });
    await page.screenshot({
      path: 'media/walkthrough/workers.png',
      clip: { x: 0, y: 0, width: 460, height: 300 },
    });
    const bar = { x: 0, y: 528, width: 384, height: 32 };
    await page.screenshot({ path: 'media/walkthrough/delay.png', clip: bar });
    await bench.status('Delay 0–333 ms').click();
    await bench.status('Delay off').waitFor();
    await away();
    await page.screenshot({ path: 'media/walkthrough/run.png', clip: bar });
  });
} else {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, theme] of Object.entries(THEMES)) {
    await show(theme, 1000, async (bench, page, app) => {
      const take = (what: string) => page.screenshot({ path: path.join(folder, `${name}${what}.png`) });
      await take('');
      await bench.status('4 threads').hover();
      await page.locator('.workbench-hover').first().waitFor();
      await take('-hover');
      await broken(bench, app);
      await take('-broken');
      if (name !== 'dark') return;
      await bench.run('Concurrent Server: Open Settings');
      await page.locator('.settings-editor .setting-item-label').first().waitFor();
      await take('-settings');
      await bench.run('Run Concurrent Server');
      await bench.notification('already running').waitFor();
      await take('-message');
      await bench.run('Notifications: Clear All Notifications');
      await bench.run('Welcome: Open Walkthrough...');
      await bench.pick('Get started with Concurrent Server');
      await page.locator('.gettingStartedContainer .step-title').first().waitFor();
      await page.setViewportSize({ width: 1400, height: 800 });
      await take('-walkthrough');
    });
  }
  await show('Default Dark Modern', 600, async (bench, page, app) => {
    await page.screenshot({ path: path.join(folder, 'narrow.png') });
    await broken(bench, app);
    await page.screenshot({ path: path.join(folder, 'narrow-broken.png') });
  });
}

/** Saves a mistake, and waits until Problems shows it. */
async function broken(bench: Workbench, app: Project): Promise<void> {
  const problems = await bench.problems();
  fs.writeFileSync(path.join(app.dir, 'server.js'), SHOP.replace('const routes', 'const const'));
  await bench.row(/does not start/).waitFor();
  await problems.getByText('SyntaxError').first().waitFor();
}

/** Opens a running shop with one busy and one blocked worker, and its output. */
async function show(
  theme: string,
  width: number,
  take: (bench: Workbench, page: Page, app: Project) => Promise<void>,
): Promise<void> {
  const host = await WebHost.start({
    allBuiltin: true,
    settings: { 'workbench.colorTheme': theme, 'window.commandCenter': false },
  });
  try {
    const app = await shop();
    const page = await host.open(app.dir, { width, height: 560 });
    const bench = new Workbench(page);
    await bench.openView();
    await bench.run('Run Concurrent Server');
    await bench.row(/#4 idle/).waitFor();
    await bench.run('Concurrent Server: Show Output');
    for (let count = 0; count < 5; count++) await answers(`${app.url}/api/quick`);
    void fetch(`${app.url}/api/block`).catch(() => {});
    await bench.row(/blocked for/).waitFor();
    void fetch(`${app.url}/api/slow`).catch(() => {});
    await bench.row(/GET \/api\/slow/).waitFor();
    await bench.row(/GET \/api\/block/).waitFor();
    await bench.status('Delay off').click();
    await bench.status('Delay 0–333 ms').waitFor();
    await take(bench, page, app);
  } finally {
    await host.close();
  }
}

/** Like the example shop, with slower routes that stay visible long enough for a picture. */
function shop(): Promise<Project> {
  return project(
    { 'server.js': SHOP, 'package.json': '{ "name": "shop", "main": "server.js" }' },
    { workers: 4 },
  );
}
