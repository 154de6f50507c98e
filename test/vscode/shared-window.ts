/** One window on one project for many tests: opening a window takes longer than most tests. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { VscodeHost } from './host.ts';
import { CLEAR } from './keys.ts';
import {
  APP,
  changeSettings,
  inTime,
  leavesNothing,
  type Project,
  processesOf,
  project,
  withPicture,
} from './windows.ts';
import { Workbench } from './workbench.ts';

/** A task that runs the server, and a launch configuration that waits for the task and sends one request. */
const WITH_A_TASK = {
  'client.js': `
fetch('http://127.0.0.1:' + require('./.vscode/settings.json')['concurrentServer.port'])
  .then((response) => response.text())
  .then((text) => console.log('client got ' + text), (error) => console.log('client failed: ' + error));
`,
  '.vscode/tasks.json': JSON.stringify({
    version: '2.0.0',
    tasks: [
      {
        type: 'concurrentServer',
        label: 'serve',
        isBackground: true,
        problemMatcher: '$concurrent-server',
      },
    ],
  }),
  '.vscode/launch.json': JSON.stringify({
    version: '0.2.0',
    configurations: [
      {
        type: 'node',
        request: 'launch',
        name: 'client',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own variable
        program: '${workspaceFolder}/client.js',
        preLaunchTask: 'serve',
      },
    ],
  }),
};

export class SharedWindow {
  #host: () => Promise<VscodeHost>;
  #page: Page | undefined;
  #app: Project | undefined;
  /** Files that a test wrote. They are restored before the next test. */
  #written = new Set<string>();
  #changed = false;

  constructor(host: () => Promise<VscodeHost>) {
    this.#host = host;
  }

  /** Each test starts without a server, notifications, terminals or editors, with the original app and settings. */
  async use(body: (bench: Workbench, app: Project, page: Page) => Promise<void>): Promise<void> {
    const { page, app } = await this.#open();
    const bench = new Workbench(page);
    try {
      await this.#calm(bench, app);
      await inTime(body(bench, app, page));
    } catch (error) {
      const failure = await withPicture(page, error);
      // A failed test may leave anything behind, so the next test gets a new window.
      await this.close();
      throw failure;
    }
  }

  /** Writes a file of the project. It is restored before the next test. */
  write(name: string, text: string): void {
    this.#written.add(name);
    fs.writeFileSync(path.join(this.#folder, name), text);
  }

  /** Removes a file of the project. It is restored before the next test. */
  remove(name: string): void {
    this.#written.add(name);
    fs.rmSync(path.join(this.#folder, name));
  }

  /** Changes workspace settings. They are restored before the next test. */
  async set(settings: Record<string, unknown>): Promise<void> {
    this.#changed = true;
    const { dir, port } = this.#app!;
    await changeSettings(this.#page!, { dir }, { port, workers: 2, ...settings });
  }

  /** Announces that the test, or a button it presses, changes settings. */
  changesSettings(): void {
    this.#changed = true;
  }

  async close(): Promise<void> {
    const page = this.#page;
    this.#page = undefined;
    this.#written.clear();
    this.#changed = false;
    await page?.close();
  }

  get #folder(): string {
    return this.#app!.dir;
  }

  async #open(): Promise<{ page: Page; app: Project }> {
    if (this.#page === undefined || this.#app === undefined) {
      this.#app = await project({ 'server.js': APP, ...WITH_A_TASK });
      this.#page = await (await this.#host()).open(this.#app.dir);
      await new Workbench(this.#page).status('Concurrent Server').waitFor();
    }
    return { page: this.#page, app: this.#app };
  }

  async #calm(bench: Workbench, app: Project): Promise<void> {
    await bench.page.keyboard.press('Escape');
    // The command that stops a server is not available while it is stopping.
    await bench.status('Server stopping').waitFor({ state: 'detached' });
    const stopped = await bench.status(/^\W*Concurrent Server$/).isVisible();
    if (!stopped && (await processesOf(app)).length > 0) await bench.run('Concurrent Server: Stop');
    await leavesNothing(app);
    await bench.run(CLEAR);
    await bench.notification(/./).first().waitFor({ state: 'detached' });
    await bench.tabs.first().waitFor({ state: 'detached' });
    await bench.panel.waitFor({ state: 'hidden' });
    // The window is updated a moment later. The test must not mistake the old server for its own.
    await bench.status(`127.0.0.1:${app.port}`).waitFor({ state: 'detached' });
    await bench.row(/#\d/).first().waitFor({ state: 'detached' });
    for (const name of this.#written) {
      const file = path.join(app.dir, name);
      if (name === 'server.js') fs.writeFileSync(file, APP);
      else fs.rmSync(file, { force: true });
    }
    this.#written.clear();
    if (this.#changed) await this.set({});
    this.#changed = false;
  }
}
