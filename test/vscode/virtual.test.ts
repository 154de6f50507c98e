/** Virtual folders, in a real VS Code: no app can run in them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commonHost } from './common.ts';
import { APP, get, inWindow, leavesNothing, part, project, withPicture } from './windows.ts';
import { Workbench } from './workbench.ts';

describe('a virtual workspace', { timeout: 120_000 }, () => {
  it('has no commands and no view', async () => {
    const app = await project();
    const page = await (await commonHost()).open(workspaceOf(app.dir, { uri: 'nowhere:/virtual' }), {
      without: true,
    });
    try {
      const bench = new Workbench(page);
      // Once a command of another extension runs, all commands of extensions are there.
      await bench.run('Simple Browser: Show');
      await bench.quickInput.filter({ hasText: 'Enter url to visit' }).waitFor();
      await page.keyboard.press('Escape');
      const titles = await bench.palette('Run Concurrent Server');
      assert.ok(!titles.includes('Run Concurrent Server'), titles.join());
      assert.equal(await page.locator('.activitybar [aria-label^="Concurrent Server"]').count(), 0);
    } catch (error) {
      throw await withPicture(page, error);
    } finally {
      await page.close();
    }
  });

  it('may also contain a folder on a disk', async (t) => {
    const app = await project({ 'notes.txt': 'nothing' });
    const folders = [{ uri: 'nowhere:/virtual' }, { path: app.dir }];
    await inWindow(await commonHost(), workspaceOf(app.dir, ...folders), async (bench) => {
      await part(
        t,
        bench,
        'without an app there is no status bar item, and a button to set the app',
        async () => {
          await bench.openView();
          await bench.welcome.filter({ hasText: 'No app was found' }).waitFor();
          const texts = await bench.statusTexts();
          assert.deepEqual(
            texts.filter((text) => /Concurrent|Delay/.test(text)),
            [],
          );
          await bench.welcome.getByRole('button', { name: 'Set App File' }).click();
          await bench.page.locator('.settings-editor').waitFor();
        },
      );
      await part(t, bench, 'the app runs once it is there, without a question', async () => {
        fs.writeFileSync(path.join(app.dir, 'server.js'), APP);
        await bench.status(/^\W*Concurrent Server$/).waitFor();
        await bench.run('Run Concurrent Server');
        await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
        assert.match(await get(app.url), /^hello/);
      });
    });
    await leavesNothing(app);
  });
});

function workspaceOf(dir: string, ...folders: object[]): string {
  const file = path.join(path.dirname(dir), 'virtual.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders }));
  return file;
}
