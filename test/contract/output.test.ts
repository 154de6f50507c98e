/** No output of an app is lost, cut, out of order or misread, whichever part of it writes. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers } from './modes.ts';

const LONG = `${'é€'.repeat(200_000)}\nthe last line\n`;

forEachMode(['node', 'wsgi'], (start, mode, speech) => {
  let cli: Cli;
  before(async () => {
    cli = await start('writes.cjs', ['--workers', '1', '--max-workers', '1', '--no-reload', '--quiet']);
  });
  after(async () => {
    const bad = cli.ofType('log').filter(({ text }) => text.startsWith('NOT JSON'));
    assert.deepEqual(bad, []);
    assert.equal((await cli.stop()).code, 0);
    assert.equal(cli.stderr, '');
  });

  /** The app's output since the first `from` events. */
  function output(from: number) {
    return cli.events.slice(from).flatMap((event) => {
      return event.type === 'log' && event.source !== 'server' ? [event] : [];
    });
  }

  async function wroteAll(from: number, words: readonly string[]): Promise<void> {
    const text = () => output(from).map((event) => event.text);
    await cli.waitFor(() => words.every((word) => text().join('').includes(word)), {
      what: words.join(', '),
    });
  }

  async function worker(): Promise<number> {
    const status = await cli.ask({ type: 'status' });
    return status.type === 'status' ? (status.workers.find(({ state }) => state !== 'starting')?.id ?? 0) : 0;
  }

  const WAYS: Array<[path: string, words: string[]]> = [
    ['/descriptors', ['writeSync', 'writeFileSync', 'stream', 'write\n']],
    ['/children', ['spawnSync', 'by number', 'spawn\n', 'fork']],
    ['/like-the-protocol', ['"stopped"']],
  ];
  for (const [path, words] of WAYS) {
    it(`${path}: output that bypasses the streams is logged with its worker`, async () => {
      const from = cli.events.length;
      const id = await worker();
      assert.equal((await ask(`${cli.url}${path}`)).text, 'ok');
      await wroteAll(from, words);
      assert.deepEqual([...new Set(output(from).map((event) => event.worker))], [id]);
    });
  }

  it("/threads: output of the app's threads is logged", {
    skip: speech !== 'node' && 'threads of a Python app write as everything in its process does',
  }, async () => {
    const from = cli.events.length;
    assert.equal((await ask(`${cli.url}/threads`)).text, 'ok');
    await wroteAll(from, ['a thread\n', 'a bare thread\n']);
  });

  it('stdout, stderr and descriptor 1 keep their order', async () => {
    const from = cli.events.length;
    assert.equal((await ask(`${cli.url}/order`)).text, 'ok');
    await wroteAll(from, ['row 399\n']);
    const rows = output(from).flatMap(({ text }) => text.match(/\d+/g) ?? []);
    assert.deepEqual(rows.map(Number), [...Array(400).keys()]);
    const ofStderr = output(from).flatMap(({ source, text }) => (source === 'stderr' ? [text] : []));
    assert.equal(ofStderr.join('').match(/row/g)?.length, 100);
  });

  it("an app's replacement for its stdout gets the printed text, and nothing else", {
    skip: speech === 'node' && 'Node can not replace a descriptor',
  }, async () => {
    const from = cli.events.length;
    assert.equal((await ask(`${cli.url}/redirected`)).text, 'ok');
    await wroteAll(from, ["found b'into the file\\n'", 'past the file']);
  });

  it('characters that are written byte by byte stay whole', async () => {
    const from = cli.events.length;
    assert.equal((await ask(`${cli.url}/pieces`)).text, 'ok');
    await wroteAll(from, ['z\n']);
    const text = output(from).map((event) => event.text);
    assert.equal(text.join(''), 'aé€😀z\n');
  });

  it('a flood of output is logged to its last byte, and requests are answered meanwhile', async () => {
    const stormy = await start('writes.cjs', ['--workers', '2', '--max-workers', '2', '--quiet']);
    await idleWorkers(stormy, 2);
    let over = false;
    const storm = ask(`${stormy.url}/storm`).then(({ text }) => {
      over = true;
      return Number(text);
    });
    let meanwhile = 0;
    while (!over) {
      assert.equal((await ask(`${stormy.url}/still`)).text, 'ok');
      if (!over) meanwhile += 1;
    }
    const bytes = await storm;
    let received = 0;
    await stormy.waitFor(
      (event) => {
        if (event.type === 'log' && event.source === 'stdout') received += event.text.length;
        return received >= bytes;
      },
      { what: `${bytes} bytes` },
    );
    assert.equal(received, bytes);
    assert.ok(meanwhile > 0);
    assert.equal((await stormy.stop()).code, 0);
  });

  it('stdin is open and silent, for children too', async () => {
    const from = cli.events.length;
    assert.equal((await ask(`${cli.url}/stdin`)).text, 'ok');
    await wroteAll(from, ['ended: false, of a child: null']);
  });

  const DEATHS = ['/exit', '/throw', '/kill', '/abort'];
  for (const path of DEATHS) {
    const isThread = mode === 'thread' && speech === 'node';
    const impossible =
      (path === '/throw' && speech !== 'node' && 'an exception does not end a Python worker') ||
      ((path === '/kill' || path === '/abort') && isThread && 'a thread has no signals of its own');
    it(`${path}: output before the end is logged, to its last line`, {
      skip: impossible,
    }, async () => {
      cli.send({ type: 'restart' }); // Earlier deaths do not count.
      await cli.waitFor((e) => e.type === 'worker' && e.state === 'idle', { from: cli.events.length });
      const from = cli.events.length;
      assert.equal((await ask(`${cli.url}${path}`)).status, 502);
      const died = await cli.waitFor((e) => e.type === 'worker' && e.state === 'crashed', { from });
      const until = cli.events.indexOf(died);
      const stdout = cli.events.slice(from, until).flatMap((event) => {
        return event.type === 'log' && event.source === 'stdout' ? [event.text] : [];
      });
      assert.ok(stdout.join('') === LONG, `${stdout.join('').length} of ${LONG.length}`);
    });
  }
});
