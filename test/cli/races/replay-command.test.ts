import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { replayCommand, type Shell } from '../../../src/cli/races/replay-command.ts';

const TOKEN = '1:one:warm:r0@query:redeem:redeem.js:1';
const LINUX: Shell = { platform: 'linux', program: '/usr/local/bin/concurrent-server', cwd: '/apps/shop' };

const command = (shell: Partial<Shell>, file = 'a.http', repeated: string[] = []): string =>
  replayCommand({ file, token: TOKEN, repeated }, { ...LINUX, ...shell });

describe('the command that replays a finding', () => {
  it('starts the program as the person did', () => {
    const end = `races a.http --replay ${TOKEN}`;
    assert.equal(command({}), `concurrent-server ${end}`);
    assert.equal(command({ program: '/apps/shop/dist/cli.js' }), `node dist/cli.js ${end}`);
    assert.equal(command({ program: '/opt/cs/dist/cli.js' }), `node /opt/cs/dist/cli.js ${end}`);
    const bin = '/apps/shop/node_modules/.bin/concurrent-server';
    assert.equal(command({ program: bin }), `npx concurrent-server ${end}`);
    const windows = 'C:\\shop\\node_modules\\concurrent-server\\dist\\cli.js';
    assert.equal(
      command({ platform: 'win32', program: windows, cwd: 'C:\\shop' }),
      `npx concurrent-server ${end}`,
    );
  });

  it('reaches a shell with the same words', { skip: process.platform === 'win32' }, () => {
    const file = `it's $HOME/a b.http`;
    const repeated = ['--reset', 'psql -c "DELETE FROM t; SELECT `x`"', '--', '*', ''];
    const text = command({}, file, repeated).replace(/^concurrent-server/, `printf '%s\\n'`);
    const { stdout } = spawnSync('/bin/sh', ['-c', text], { encoding: 'utf8' });
    assert.deepEqual(stdout.split('\n').slice(0, -1), ['races', file, '--replay', TOKEN, ...repeated]);
  });

  it('quotes for Windows with double quotes', () => {
    const shell = { platform: 'win32', program: 'C:\\bin\\concurrent-server', cwd: 'C:\\shop' } as const;
    assert.equal(
      command(shell, 'C:\\my shop\\a.http'),
      `concurrent-server races "C:\\my shop\\a.http" --replay ${TOKEN}`,
    );
  });
});
