import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { MODES } from '../../src/protocol/config.ts';
import type { ReloadReport } from '../../src/protocol/messages.ts';
import { ask } from '../contract/http-client.ts';
import { Asking, Project } from '../contract/project.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';

const WSGI = `
from version import VERSION

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [VERSION.encode()]
`;
const ASGI = `
from version import VERSION

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": VERSION.encode()})
`;
const version = (name: string): string => `VERSION = "${name}"\n`;

for (const [speech, text] of [
  ['wsgi', WSGI],
  ['asgi', ASGI],
] as const) {
  for (const mode of MODES) {
    describe(`with ${mode} workers (${speech})`, () => {
      const app = new Project({ 'app.py': text, 'version.py': version('one') });
      let cli: Cli;
      before(async () => {
        cli = startCli(
          ['app.py', '--mode', mode, '--workers', '2', '--python', testPython(), '--cwd', app.folder],
          { cwd: process.cwd() },
        );
        await cli.ready;
        await cli.waitFor((event) => event.type === 'worker' && event.state === 'idle');
      });
      after(() => cli.stop());

      async function ended(from: number, state: ReloadReport['state']): Promise<void> {
        const what = `a reload that is ${state}`;
        await cli.waitFor((event) => event.type === 'reload' && event.state === state, { from, what });
      }

      it('saves under load fail no answer, and no answer comes from old code once the change was noticed', async () => {
        const asking = new Asking(cli.url);
        await asking.until('one');
        const seen = [{ at: 0, text: 'one' }];
        for (const name of ['two', 'three', 'four']) {
          const from = cli.events.length;
          app.save('version.py', version(name));
          await ended(from, 'started');
          seen.push({ at: performance.now(), text: name });
          await asking.until(name);
        }
        const samples = await asking.stop();
        const failed = samples.filter(({ status }) => status !== 200);
        const stale = samples.filter(({ sentAt, text: answered }) => {
          const oldest = seen.findLastIndex(({ at }) => sentAt >= at);
          return seen.findIndex((save) => save.text === answered) < oldest;
        });
        assert.deepEqual([failed, stale], [[], []]);
      });

      it('saves of one size within one second run, although Python would take its bytecode for either', async () => {
        // In the future, so that the machine may take its time; `Date` has whole milliseconds, bytecode whole seconds.
        const second = Math.ceil(Date.now() / 1000) * 1000 + 60_000;
        let saves = 0;
        const save = (name: string): void =>
          app.save('version.py', version(name), (file, written) => {
            fs.writeFileSync(`${file}.tmp`, written);
            fs.utimesSync(`${file}.tmp`, new Date(), new Date(second + ++saves));
            fs.renameSync(`${file}.tmp`, file);
          });
        for (const name of ['two', 'six', 'ten']) {
          const from = cli.events.length;
          save(name);
          await ended(from, 'done');
          assert.equal((await ask(cli.url)).text, name);
        }
      });

      it('a save that does not start is reported once, with its location, and the next one fixes it', async () => {
        const saved = cli.events.length;
        app.save('version.py', 'VERSION = "two"\n\nVERSION = = 3\n');
        await ended(saved, 'failed');
        const answer = await ask(cli.url, { headers: { accept: 'application/json' } });
        const { source } = JSON.parse(answer.text) as {
          source: { file: string; line: number; frame: string };
        };
        assert.deepEqual([answer.status, source.file, source.line], [500, app.file('version.py'), 3]);
        assert.match(source.frame, /^> 3 \| VERSION = = 3$/m);
        const from = cli.events.length;
        app.save('version.py', version('fixed'));
        await ended(from, 'done');
        assert.equal((await ask(cli.url)).text, 'fixed');
        assert.equal(cli.ofType('error').length, 1);
      });
    });
  }
}
