/** Measures the costs of the extension in a real VS Code. Prints one JSON object for `npm run bench`. */
import fs from 'node:fs';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { descendantsIn } from '../../src/engine/process/os/descendants.ts';
import { parseProcStat } from '../../src/engine/process/os/parsers.ts';
import { listCommands } from '../../src/engine/process/os/process-table.ts';
import { WebHost } from './web-host.ts';
import { answers, type Project, project, tick } from './windows.ts';
import { Workbench } from './workbench.ts';

const WINDOWS = 5;
const SPAN_MS = 5000;
const RATE = 5000;
const TICKS_PER_SECOND = 100;

const host = await WebHost.start({ allBuiltin: true });
try {
  const activation: number[] = [];
  const loading: number[] = [];
  let children = 0;
  for (let count = 0; count < WINDOWS; count++) {
    const { dir } = await project();
    const page = await host.open(dir);
    const bench = new Workbench(page);
    await bench.status('Concurrent Server').waitFor();
    await bench.run('Developer: Startup Performance');
    // Only visible lines of the report are drawn. Not earlier: the palette is slow to draw in such a window.
    await page.setViewportSize({ width: 1600, height: 20_000 });
    // Extension, eager, ms to load the code, ms of activate(), …
    const row = page.locator('.view-line', { hasText: 'concurrent-server.concurrent-server' }).first();
    const cells = ((await row.textContent()) ?? '')
      .replaceAll('\u00a0', ' ')
      .split('|')
      .map((cell) => cell.trim());
    const at = cells.findIndex((cell) => cell === 'true' || cell === 'false');
    loading.push(Number(cells[at + 1]));
    activation.push(Number(cells[at + 2]));
    const [pid = 0] = await host.extensionHosts();
    const below = descendantsIn(await listCommands(), pid);
    children += below.filter(({ command }) => command.includes('cli.js')).length;
    await page.close();
    while ((await host.extensionHosts()).length > 0) await tick();
  }
  const app = await project({ 'server.js': QUIET_APP() });
  const page = await host.open(app.dir);
  const bench = new Workbench(page);
  // Before that, no keybinding is active.
  await bench.status('Concurrent Server').waitFor();
  await bench.openView();
  await bench.run('Run Concurrent Server');
  await bench.row(/idle/).first().waitFor();
  await answers(app.url);
  const [pid = 0] = await host.extensionHosts();
  const idle = await cpu(pid, () => pause(SPAN_MS));
  const seen = await underLoad(app, pid);
  await page.locator('.activitybar .action-item [aria-label^="Explorer"]').first().click();
  const hidden = await underLoad(app, pid);
  console.log(
    JSON.stringify({
      activationMs: activation.sort((one, other) => one - other),
      loadingMs: loading.sort((one, other) => one - other),
      childrenBeforeCommand: children,
      idleCpu: idle,
      seenCpu: seen.cpu,
      hiddenCpu: hidden.cpu,
      perSecond: Math.round((seen.perSecond + hidden.perSecond) / 2),
      extensionKb: fs.statSync('dist/extension.js').size / 1000,
      vsixKb: fs.statSync('concurrent-server.vsix').size / 1000,
    }),
  );
} finally {
  await host.close();
}

/** The CPU time of a process during `during`, in percent of one core. */
async function cpu(pid: number, during: () => Promise<unknown>): Promise<number> {
  const before = ticks(pid);
  const start = performance.now();
  await during();
  const seconds = (performance.now() - start) / 1000;
  return Math.round(((ticks(pid) - before) / TICKS_PER_SECOND / seconds) * 1000) / 10;
}

function ticks(pid: number): number {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  if (parseProcStat(text) === undefined) throw new Error(`There is no process ${pid}.`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Sends {@link RATE} requests per second, or as many as the machine can. */
async function underLoad({ url }: Project, pid: number): Promise<{ cpu: number; perSecond: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  let done = 0;
  let open = 0;
  const burst = setInterval(() => {
    for (let count = 0; count < RATE / 100 && open < 200; count++) {
      open += 1;
      http
        .get(url, { agent }, (response) => {
          response.resume().once('end', () => {
            done += 1;
            open -= 1;
          });
        })
        .once('error', () => {
          open -= 1;
        });
    }
  }, 10);
  const used = await cpu(pid, () => pause(SPAN_MS));
  clearInterval(burst);
  agent.destroy();
  return { cpu: used, perSecond: done / (SPAN_MS / 1000) };
}

/** An app that prints nothing, so that only requests are measured. */
function QUIET_APP(): string {
  return "require('node:http').createServer((q, s) => s.end('hi')).listen(process.env.PORT);";
}
