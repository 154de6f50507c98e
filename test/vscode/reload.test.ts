/** Saving while the server runs, in a real VS Code: new code, a mistake, its fix, and reload turned off. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shared } from './common.ts';
import { get, processesOf } from './windows.ts';
import { shows } from './workbench.ts';

const SAYS = (what: string): string =>
  `require('node:http').createServer((q, s) => s.end('${what}')).listen(process.env.PORT);\n`;

describe('a save in VS Code', { timeout: 300_000 }, () => {
  it('is in effect for the next request', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', SAYS('old'));
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      assert.equal(await get(app.url), 'old');
      const before = await processesOf(app);
      await bench.edit('server.js', SAYS('new'));
      await bench.openView();
      await bench.row(/#2 /).waitFor({ state: 'detached' });
      assert.equal(await get(app.url), 'new');
      assert.deepEqual(await processesOf(app), before);
    }));

  it('with a mistake shows it in Problems, tree and status bar, without a notification, until it is fixed', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', SAYS('old'));
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.row(/#2 idle/).waitFor();
      const problems = await bench.problems();
      for (const sign of ['=', ')']) {
        await bench.edit('server.js', `// a mistake\n\nconst three = ${sign} 3;\n`);
        await bench.row(`does not start · Unexpected token '${sign}'`).waitFor();
        await bench.status('App does not start').waitFor();
        await problems.getByText(`SyntaxError: Unexpected token '${sign}'`).waitFor();
        await problems.getByText(/\[Ln 3, Col \d+\]/).waitFor();
        assert.match(await get(app.url), /^500 .*> 3 \| const three/s);
      }
      assert.equal(await bench.notifications.count(), 0);
      await bench.status(/Ln 4, Col 1$/).waitFor();
      // A click is lost if the tree draws the row between press and release. Then a user clicks again.
      const location = bench.status(/Ln 3, Col \d+/);
      for (let clicks = 0; clicks < 5 && !(await shows(location, 2000)); clicks++)
        await bench.row(/does not start/).click();
      await location.waitFor();
      await bench.edit('server.js', SAYS('fixed'));
      await bench.status('2 threads').waitFor();
      await problems.getByText('No problems').waitFor();
      await bench.row(/shop.*running/).waitFor();
      assert.equal(await get(app.url), 'fixed');
    }));

  it('is shown as reloading while slow code starts', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', SAYS('old'));
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.row(/#2 idle/).waitFor();
      // It waits for a file, like a slow start for a database.
      const waits = "const fs = require('node:fs'); while (!fs.existsSync('go.txt'));";
      await bench.edit('server.js', `${waits}\n${SAYS('slow')}`);
      await bench.status('Server reloading').waitFor();
      await bench.row(/shop.*reloading/).waitFor();
      const answer = get(app.url);
      shared.write('go.txt', '');
      assert.equal(await answer, 'slow');
      await bench.status('2 threads').waitFor();
    }));

  it('that crashes is in Problems until the next save', () =>
    shared.use(async (bench, app) => {
      const crashes = `require('node:http').createServer((q, s) => {
  if (q.url === '/crash') setImmediate(() => { throw new RangeError('too far'); });
  else s.end('here');
}).listen(process.env.PORT);
`;
      shared.write('server.js', crashes);
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.row(/#2 idle/).waitFor();
      const problems = await bench.problems();
      assert.match(await get(`${app.url}/crash`), /^502/);
      await problems.getByText('RangeError: too far').waitFor();
      await problems.getByText(/\[Ln 2, Col \d+\]/).waitFor();
      await bench.row(/#3 idle/).waitFor();
      await problems.getByText('RangeError: too far').waitFor();
      await bench.edit('server.js', SAYS('fixed'));
      await problems.getByText('No problems').waitFor();
    }));

  it('changes nothing once reload is turned off', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', SAYS('old'));
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      // The status bar shows when the change is in force.
      await shared.set({ 'reload.enabled': false, 'randomDelay.enabled': true, 'randomDelay.max': 3 });
      await bench.status('Delay 0–3 ms').waitFor();
      await bench.edit('server.js', SAYS('new'));
      assert.equal(await get(app.url), 'old');
      assert.equal(await bench.notification('Restart the server to apply').count(), 0);
      await bench.run('Concurrent Server: Restart');
      await bench.openView();
      await bench.row(/#2 /).waitFor({ state: 'detached' });
      assert.equal(await get(app.url), 'new');
    }));
});
