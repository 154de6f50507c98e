import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { actionOf } from '../../src/cli/keyboard.ts';
import { openerOf } from '../../src/cli/open-browser.ts';

describe('the browser', () => {
  const url = 'http://127.0.0.1:8000/?a=b&c=%PATH%';

  it('is opened by the program of the system, without a shell', () => {
    assert.deepEqual(openerOf('linux', url, {}), ['xdg-open', url]);
    assert.deepEqual(openerOf('darwin', url, {}), ['/usr/bin/open', url]);
    assert.deepEqual(openerOf('win32', url, { SystemRoot: 'D:\\Win' }), [
      'D:\\Win\\System32\\rundll32.exe',
      'url.dll,FileProtocolHandler',
      url,
    ]);
  });
});

describe('a key', () => {
  it('does the same as in other dev servers', () => {
    const actions = [...'rdohq?\u0003\u001a\r\n'].map(actionOf);
    const expected = [
      'restart',
      'toggleDelay',
      'open',
      'help',
      'quit',
      'help',
      'quit',
      'suspend',
      'mark',
      'mark',
    ];
    assert.deepEqual(actions, expected);
  });

  it('without a meaning does nothing', () => {
    assert.deepEqual([...'xQ \u0004\t'].map(actionOf), [
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the exit code', () => {
  it('is 0 after a stop, 2 for bad usage, 3 for a taken port, 4 without an app, 1 for any other error', () => {
    const code = (name: Parameters<typeof exitCodeOf>[0]) => exitCodeOf(name);
    assert.equal(code(undefined), 0);
    assert.equal(code({ code: 'BAD_CONFIG', message: '' }), 2);
    assert.equal(code({ code: 'PORT_TAKEN', message: '' }), 3);
    assert.equal(code({ code: 'NO_APP', message: '' }), 4);
    assert.equal(code({ code: 'PORT_DENIED', message: '' }), 1);
    assert.equal(code({ code: 'ENTRY_NOT_FOUND', message: '' }), 1);
    assert.equal(code({ code: 'INTERNAL', message: '' }), 1);
  });
});
