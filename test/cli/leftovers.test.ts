/** A server that hangs after its parent died: how it is reported and ended. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { allDead } from '../../src/engine/process/os/kill-tree.ts';
import { identify } from '../../src/engine/process/os/process-table.ts';
import { startCli } from '../support/cli.ts';

const APP = path.resolve('test/fixtures/who.cjs');

describe('a leftover', { skip: process.platform === 'win32' && 'nothing can be stopped there' }, () => {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'state-'));
  const env = { CONCURRENT_SERVER_STATE_DIR: state };
  after(() => fs.rmSync(state, { recursive: true, force: true }));

  /** A server whose parent died while the server was stopped by a signal. */
  async function leave(): Promise<{ pid: number; startTime: string; port: number }> {
    const words = [process.execPath, path.resolve('dist/cli.js'), APP, '0', '--quiet', '--workers', '1'];
    const script = `${words.map((word) => `'${word}'`).join(' ')} & echo "pid $!"; wait`;
    const shell = spawn('sh', ['-c', script], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    for await (const chunk of shell.stdout) {
      said += String(chunk);
      if (/http:\/\/\S+/.test(said)) break;
    }
    const pid = Number(/pid (\d+)/.exec(said)?.[1]);
    const { startTime } = (await identify(pid))!;
    process.kill(pid, 'SIGSTOP');
    shell.kill('SIGKILL');
    await once(shell, 'exit');
    return { pid, startTime, port: Number(/:(\d+)\//.exec(said)?.[1]) };
  }

  it('is reported as a leftover, and ended only with --take-over', async () => {
    const { pid, startTime, port } = await leave();
    const refused = startCli([APP], { address: String(port), env });
    assert.equal((await refused.waitForExit()).code, 3);
    const owner = refused.ofType('error')[0]?.error.details?.owner as { pid: number; leftover: boolean };
    assert.deepEqual([owner.pid, owner.leftover], [pid, true]);
    assert.match(refused.ofType('error')[0]?.error.hint ?? '', /--take-over/);
    const taking = startCli([APP, '--take-over'], { address: String(port), env });
    await taking.ready;
    assert.ok(await allDead([{ pid, startTime }], 1000));
    await taking.stop();
  });

  it('is ended by --clean-up, which reports it', async () => {
    const { pid, startTime } = await leave();
    const cleaning = startCli(['--clean-up'], { json: false, address: undefined, env });
    assert.equal((await cleaning.waitForExit()).code, 0);
    assert.match(cleaning.stdout, new RegExp(`^Stopped what was left behind: ${pid} \\(`));
    assert.ok(await allDead([{ pid, startTime }], 1000));
    const again = startCli(['--clean-up', '--json'], { json: false, address: undefined, env });
    await again.waitForExit();
    assert.deepEqual(JSON.parse(again.stdout), { ended: [] });
  });

  it('is not a server that is still in use: --take-over leaves that alone', async () => {
    const used = startCli([APP], { env });
    await used.ready;
    const port = new URL(used.url).port;
    const refused = startCli([APP, '--take-over'], { address: port, env });
    assert.equal((await refused.waitForExit()).code, 3);
    const cleaning = startCli(['--clean-up'], { json: false, address: undefined, env });
    await cleaning.waitForExit();
    assert.equal(cleaning.stdout, 'Nothing was left behind.\n');
    assert.equal((await fetch(used.url)).status, 200);
    await used.stop();
  });
});
