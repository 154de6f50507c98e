/** Folders that are on no disk, in a real VS Code: nothing can be run in them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startVscode, type VscodeHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import { get, leavesNothing, project, withPicture } from './windows.ts';
import { Workbench } from './workbench.ts';

/** A folder with a server.js, as an extension for a repository or an archive would show it. */
const FOLDER = `
const { EventEmitter, FileType, workspace } = require('vscode');
const stat = (type) => ({ type, ctime: 0, mtime: 0, size: 0 });
exports.activate = () => workspace.registerFileSystemProvider('nowhere', {
  onDidChangeFile: new EventEmitter().event,
  watch: () => ({ dispose() {} }),
  stat: ({ path }) => stat(path.endsWith('.js') ? FileType.File : FileType.Directory),
  readDirectory: () => [['server.js', FileType.File]],
  readFile: () => new TextEncoder().encode("throw new Error('run');"),
}, { isReadonly: true });
`;

describe('a virtual workspace', { timeout: 120_000 }, () => {
  let host: VscodeHost;
  before(async () => {
    host = await startVscode({
      extensions: [packagedExtension({ name: 'nowhere', publisher: 'tests' }, FOLDER)],
    });
  });
  after(() => host.close());

  it('has no command of ours, and no view', async () => {
    const app = await project();
    const page = await host.open(workspaceOf(app.dir, { uri: 'nowhere:/virtual' }), { without: true });
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
    const page = await host.open(workspaceOf(app.dir, { uri: 'nowhere:/virtual' }, { path: app.dir }));
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
