/** Folders that are on no disk, in a real VS Code: nothing can be run in them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commonHost } from './common.ts';
import { get, leavesNothing, project, withPicture } from './windows.ts';
import { Workbench } from './workbench.ts';

describe('a virtual workspace', { timeout: 120_000 }, () => {
  it('has no command of ours, and no view', async () => {
    const app = await project();
    const page = await (await commonHost()).open(workspaceOf(app.dir, { uri: 'nowhere:/virtual' }), {
      without: true,
    });
    try {
      const bench = new Workbench(page);
      // Another extension's command: what extensions add to this window has been added.
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

  it('folder beside one on a disk is never run: nothing is asked', async () => {
    const app = await project();
    const page = await (await commonHost()).open(
      workspaceOf(app.dir, { uri: 'nowhere:/virtual' }, { path: app.dir }),
    );
    try {
      const bench = new Workbench(page);
      await bench.status(/^\W*Concurrent Server$/).waitFor();
      await bench.run('Run Concurrent Server');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await get(app.url), /^hello/);
    } catch (error) {
      throw await withPicture(page, error);
    } finally {
      await page.close();
    }
    await leavesNothing(app);
  });
});

function workspaceOf(dir: string, ...folders: object[]): string {
  const file = path.join(path.dirname(dir), 'virtual.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders }));
  return file;
}
