import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  appDoesNotStart,
  frameworkDiagnostics,
  type Notice,
  serverDied,
  serverError,
  serverGaveUp,
  startFailure,
  stateInWorker,
} from '../../../src/extension/problems/notification-model.ts';
import type { ErrorCode, WireError } from '../../../src/protocol/errors.ts';
import type { Diagnostic } from '../../../src/protocol/messages.ts';
import { BROKEN, t } from '../server-in-states.ts';

/** A notice as text: the message, then the titles of the buttons. */
function text(notice: Notice | undefined): string | undefined {
  return notice && [notice.message, ...notice.buttons.map(({ title }) => `[${title}]`)].join(' ');
}

function failed(code: ErrorCode, more: Partial<WireError> = {}): Notice {
  return startFailure({ code, message: 'It failed.', ...more }, t);
}

describe('a start that failed', () => {
  for (const [code, more, expected] of [
    ['PORT_TAKEN', { details: { port: 8000 } }, '[Use Next Free Port] [Change Port…]'],
    [
      'PORT_TAKEN',
      { details: { port: 8000, owner: { leftover: true } } },
      '[Take Over] [Use Next Free Port] [Change Port…]',
    ],
    ['PORT_DENIED', {}, '[Change Port…]'],
    ['ADDRESS_UNAVAILABLE', {}, '[Change Address…]'],
    ['ENTRY_AMBIGUOUS', { details: { candidates: ['a.js', 'b.js'] } }, '[Choose…]'],
    ['ENTRY_NOT_FOUND', {}, '[Choose…] [Open Setting]'],
    ['BAD_CONFIG', { details: { setting: 'concurrentServer.mode' } }, '[Open Setting]'],
    ['INTERNAL', {}, '[Show Log]'],
  ] as Array<[ErrorCode, Partial<WireError>, string]>) {
    it(`with ${code} ${JSON.stringify(more)} offers ${expected}`, () => {
      assert.equal(text(failed(code, more)), `It failed. ${expected}`);
    });
  }

  it('opens the setting that is wrong, or all settings if none is named', () => {
    const button = (more: Partial<WireError>) => failed('BAD_CONFIG', more).buttons[0];
    const setting = 'concurrentServer.mode';
    assert.deepEqual(button({ details: { setting } }), {
      do: 'open setting',
      title: 'Open Setting',
      setting,
    });
    assert.deepEqual(button({}), { do: 'open setting', title: 'Open Setting', setting: 'concurrentServer' });
  });

  it('because there is no app is an information, with what to do', () => {
    const facts = { folder: '/shop', looked: ['package.json (none)'] };
    const vite = { frontEnd: { name: 'Vite' } };
    const workspaces = [{ path: 'api', name: 'api', entry: 'api' }];
    const hint = 'Run it there.';
    assert.equal(failed('NO_APP', { details: facts }).level, 'info');
    assert.equal(text(failed('NO_APP', { hint, details: facts })), 'It failed. [Choose…] [Show Log]');
    assert.equal(
      text(failed('NO_APP', { hint, details: { ...facts, ...vite } })),
      'It failed. Run it there. [Choose…] [Show Log]',
    );
    const beside = failed('NO_APP', { hint, details: { ...facts, ...vite, workspaces } });
    assert.equal(text(beside), 'It failed. There is a server in api. [Choose…] [Show Log]');
    assert.deepEqual(beside.buttons[0], { do: 'choose entry', title: 'Choose…', candidates: ['api'] });
  });

  it('shows the hint about a missing Python, and no hint for the command line', () => {
    const hint = 'Install it.';
    assert.equal(text(failed('RUNTIME_MISSING', { hint })), 'It failed. Install it. [Open Setting]');
    assert.equal(text(failed('PORT_DENIED', { hint })), 'It failed. [Change Port…]');
  });
});

describe('an error of a running server', () => {
  const context = { runtime: undefined, reloading: false, knownBroken: false };
  const withoutLocation = { ...BROKEN, details: {} };

  it('names the app that does not start, and leads to the location', () => {
    const notice = serverError({ ...BROKEN, message: 'no database\nat all' }, context, t);
    const message = 'The app does not start: no database';
    assert.equal(text(notice), `${message} [Go to Problem] [Show Output] [Show Log] [Restart]`);
    const bare = serverError(withoutLocation, context, t);
    assert.equal(text(bare), 'The app does not start: no\tdatabase [Show Output] [Show Log] [Restart]');
  });

  it('needs no notification after a save, unless it has no location', () => {
    const reloading = { ...context, reloading: true };
    assert.equal(serverError(BROKEN, reloading, t), undefined);
    assert.notEqual(serverError(withoutLocation, reloading, t), undefined);
  });

  it('is shown once while the app does not start', () => {
    const known = { ...context, knownBroken: true };
    assert.equal(serverError(BROKEN, known, t), undefined);
    assert.equal(serverError(withoutLocation, known, t), undefined);
  });

  it('offers the other Node for native modules of another version', () => {
    const error: WireError = { code: 'RUNTIME_MISMATCH', message: 'Other Node.' };
    assert.equal(appDoesNotStart(error.code), false);
    const [path] = serverError(error, context, t)!.buttons;
    assert.deepEqual(path, { do: 'use runtime', title: 'Use the Node on the PATH', runtime: 'node' });
    const [editor] = serverError(error, { ...context, runtime: 'node' }, t)!.buttons;
    assert.deepEqual(editor, { do: 'use runtime', title: "Use the Editor's Node", runtime: undefined });
  });

  it('is a notification if workers keep crashing, and none for a single crash', () => {
    const message = 'Worker 3 exited.';
    assert.equal(
      text(serverError({ code: 'CRASH_LOOP', message }, context, t)),
      'Workers keep crashing: Worker 3 exited. [Restart] [Show Output] [Show Log]',
    );
    assert.equal(serverError({ code: 'WORKER_CRASHED', message }, context, t), undefined);
  });
});

describe('diagnostics of a framework', () => {
  const finding = (more: Partial<Diagnostic>): Diagnostic => ({ level: 'warning', text: 'a', ...more });

  it('are in one notification, as severe as the worst of them', () => {
    const notice = frameworkDiagnostics([finding({}), finding({ level: 'error', text: 'b' })], t);
    assert.equal(text(notice), 'a · b [Show Output]');
    assert.equal(notice?.level, 'error');
    assert.equal(frameworkDiagnostics([finding({})], t)?.level, 'warning');
  });

  it('need none if they have a file, or are only information', () => {
    assert.equal(
      frameworkDiagnostics([finding({ file: '/a.py' }), finding({ level: 'info' })], t),
      undefined,
    );
    assert.equal(frameworkDiagnostics([], t), undefined);
  });
});

describe('an app that keeps sessions in a worker', () => {
  const lost = { cookie: 'sid', route: 'GET /me', knows: 1, lost: 2 };

  it('gets a warning with three answers', () => {
    const notice = stateInWorker({ ...lost, setting: 'workers' }, t);
    assert.equal(notice.level, 'warning');
    assert.match(
      text(notice) ?? '',
      /^Worker 2 does not know the cookie sid .* worker 1 .*\(GET \/me\)\..* \[Keep Each Client on a Worker\] \[Use One Worker\] \[What This Means\]$/,
    );
    const [client, one] = notice.buttons;
    assert.deepEqual(
      [client, one].map((button) => button?.do === 'write settings' && button.values),
      [{ affinity: 'client' }, { workers: 1, maxWorkers: 1 }],
    );
  });

  it('has its number of processes in a setting of its own, if each has threads', () => {
    const { buttons } = stateInWorker({ ...lost, setting: 'processes' }, t);
    assert.deepEqual(buttons[1]?.do === 'write settings' && buttons[1].values, { processes: 1 });
  });
});

describe('the death of a server process', () => {
  it('is a warning while it is restarted, and an error with a button when it stays down', () => {
    const died = serverDied('It died.', t);
    assert.deepEqual([died.level, text(died)], ['warning', 'It died. It is being restarted. [Show Log]']);
    const gaveUp = serverGaveUp('It died.', t);
    assert.deepEqual([gaveUp.level, text(gaveUp)], ['error', 'It died. [Start Again] [Show Log]']);
  });
});
