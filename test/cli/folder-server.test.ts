/** The extension's server of a folder, with the real command line. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { processExists } from '../../src/common/process-exists.ts';
import { FolderServer } from '../../src/extension/server/folder-server.ts';
import { parseSettings, type WrittenSettings } from '../../src/extension/settings/settings-model.ts';

const DEADLINE = { timeout: 30_000 };

describe('the server of a folder', DEADLINE, () => {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'state-'));
  const env = { ...process.env, CONCURRENT_SERVER_STATE_DIR: state };
  const servers: FolderServer[] = [];
  after(async () => {
    await Promise.all(servers.map((server) => server.stop(0)));
    fs.rmSync(state, { recursive: true, force: true });
  });

  function create() {
    const checks = new Set<() => void>();
    const deaths: string[] = [];
    const changed = (): void => {
      for (const check of checks) check();
    };
    const server = new FolderServer(
      { cli: path.resolve('dist/cli.js'), env },
      {
        changed,
        event: () => {},
        died: ({ message }) => deaths.push(message),
        gaveUp: () => {},
      },
    );
    servers.push(server);
    /** Resolves when the server is in a state. */
    const until = (reached: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!reached()) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      });
    return { server, deaths, until };
  }

  function settings(written: WrittenSettings = {}) {
    const folder = path.resolve('test/fixtures');
    return parseSettings(
      { entry: 'who.cjs', port: 0, workers: 1, ...written },
      { folder, cores: 2, seed: 1 },
    );
  }

  function kill(server: FolderServer): void {
    process.kill(server.model.pid!, 'SIGKILL');
  }

  it('starts, serves, and leaves no process when it stops', async () => {
    const { server } = create();
    await server.start(settings());
    assert.equal(server.model.phase, 'running');
    assert.equal((await fetch(server.model.url!)).status, 200);
    const { pid = 0 } = server.model;
    await server.stop();
    assert.equal(server.model.phase, 'stopped');
    assert.equal(processExists(pid), false);
  });

  it('reports why it does not start, and can be started again', async () => {
    const { server } = create();
    await assert.rejects(server.start(settings({ entry: 'nothing.js' })), { code: 'ENTRY_NOT_FOUND' });
    assert.equal(server.model.phase, 'failed');
    assert.equal(server.model.problem?.code, 'ENTRY_NOT_FOUND');
    await server.start(settings());
    assert.equal(server.model.phase, 'running');
    await assert.rejects(server.start(settings()), { code: 'BAD_COMMAND' });
  });

  it('names a Node that cannot be run', async () => {
    const { server } = create();
    const runtime = path.resolve('nowhere', 'node');
    await assert.rejects(server.start(settings({ runtime })), {
      code: 'BAD_CONFIG',
      message: /could not be run/,
    });
  });

  it('is broken, and not failed, if the app does not start', async () => {
    const { server } = create();
    await server.start(settings({ entry: 'throws.cjs' }));
    assert.equal(server.model.phase, 'broken');
    assert.equal(server.model.problem?.code, 'APP_FAILED_TO_START');
  });

  it('is restarted after its death on its port, with the changes since its start', async () => {
    const { server, deaths, until } = create();
    await server.start(settings());
    const { url, pid } = server.model;
    await server.set({ randomDelay: { enabled: true, min: 1, max: 2 } });
    kill(server);
    await until(() => server.model.phase === 'restarting');
    await until(() => server.model.phase === 'running');
    assert.deepEqual(deaths, ['The server exited unexpectedly with signal SIGKILL.']);
    assert.equal(server.model.url, url);
    assert.notEqual(server.model.pid, pid);
    assert.match((await fetch(url!)).headers.get('server-timing') ?? '', /delay;dur=[12]/);
  });

  it('can be stopped while it waits for its restart', async () => {
    const { server, until } = create();
    await server.start(settings());
    for (let deaths = 0; deaths < 2; deaths++) {
      await until(() => server.model.phase === 'running');
      kill(server);
      await until(() => server.model.phase === 'restarting');
    }
    assert.ok(server.model.restartAt! > Date.now(), 'the second restart waits');
    await server.stop();
    assert.equal(server.model.phase, 'stopped');
    await assert.rejects(server.ask({ type: 'status' }), { code: 'BAD_COMMAND' });
  });

  it('stays stopped if it is stopped during its start', async () => {
    const { server } = create();
    const started = server.start(settings());
    await server.stop();
    await started;
    assert.equal(server.model.phase, 'stopped');
    await server.start(settings());
    assert.equal(server.model.phase, 'running');
  });

  it('starts once a stop in progress is done', async () => {
    const { server } = create();
    await server.start(settings());
    const stopped = server.stop();
    assert.equal(server.model.phase, 'stopping');
    await Promise.all([stopped, server.start(settings())]);
    assert.equal(server.model.phase, 'running');
  });
});
