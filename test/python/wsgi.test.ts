/** PEP 3333 as checked by wsgiref.validate, and further promises to a WSGI app. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { before, it } from 'node:test';
import { ask } from '../contract/http-client.ts';
import { forEachMode, type Speech } from '../contract/modes.ts';
import { RunLog } from '../contract/run-log.ts';
import type { Cli } from '../support/cli.ts';

const WSGI: Speech[] = ['wsgi'];

forEachMode(WSGI, (start, mode) => {
  const log = new RunLog();
  let cli: Cli;
  let dies: Cli;
  before(async () => {
    cli = await start('validated.py');
    dies = await start('dies.py', ['--workers', '1'], { env: log.env });
  });

  it('an app under wsgiref.validate is served: bodies, write(), streams', async () => {
    const body = 'x'.repeat(300_000);
    assert.equal((await ask(`${cli.url}/echo`, { method: 'POST', body })).text, body);
    assert.equal((await ask(`${cli.url}/write`)).text, 'written and given');
    assert.equal((await ask(`${cli.url}/stream`)).text.split('\n').length, 4);
    assert.equal((await ask(`${cli.url}/`, { method: 'HEAD' })).status, 200);
  });

  it('the environ has the mode and the request', async () => {
    const url = new URL(`${cli.url}/flags?a=b%20c`);
    const flags = JSON.parse((await ask(url.href, { headers: { Cookie: 'a=1' } })).text) as object;
    assert.deepEqual(flags, {
      'wsgi.multithread': mode === 'thread',
      'wsgi.multiprocess': mode === 'fork',
      'wsgi.run_once': false,
      'wsgi.url_scheme': 'http',
      PATH_INFO: '/flags',
      QUERY_STRING: 'a=b%20c',
      REMOTE_ADDR: '127.0.0.1',
      SERVER_PORT: url.port,
      SERVER_PROTOCOL: 'HTTP/1.1',
      HTTP_COOKIE: 'a=1',
    });
  });

  it('a path is decoded by PEP 3333, whatever its bytes are', async () => {
    const { text } = await ask(`${cli.url}/file%C3%A9%00%0a`);
    assert.match(text, /wsgi\.file_wrapper/);
    const flags = JSON.parse((await ask(`${cli.url}/fl%61gs`)).text) as { PATH_INFO: string };
    assert.equal(flags.PATH_INFO, '/flags');
    const written = JSON.parse((await ask(`${cli.url}/flags/%C3%A9%00%20%2F`)).text) as { PATH_INFO: string };
    assert.equal(written.PATH_INFO, `/flags/${Buffer.from('é').toString('latin1')}\0 /`);
  });

  it('parts of a stream come as the app yields them, and wsgi.file_wrapper sends a whole file', async () => {
    const times: number[] = [];
    await new Promise<void>((resolve, reject) => {
      http.get(`${cli.url}/stream`, { agent: false }, (response) => {
        response.on('data', () => times.push(performance.now()));
        response.on('end', resolve);
        response.on('error', reject);
      });
    });
    assert.equal(times.length, 3, 'a part each');
    assert.match((await ask(`${cli.url}/file`)).text, /checked\)\(environ, start_response\)\n$/);
  });

  it('an exception is 500 with its traceback in the output; an answer that is too short is cut', async () => {
    const answer = await ask(`${dies.url}/raise`);
    assert.equal(answer.status, 500);
    await dies.waitFor(
      (e) => e.type === 'log' && /raised on purpose/.test(e.text) && e.request !== undefined,
    );
    await assert.rejects(ask(`${dies.url}/short`));
    assert.equal((await ask(dies.url)).text, 'alive');
  });

  it('a worker that exits during a request: 502 with its last output, and it is replaced', async () => {
    const answer = await ask(`${dies.url}/exit`);
    assert.equal(answer.status, 502);
    assert.match(answer.text, /exit code 3[\s\S]*about to exit/);
    assert.equal((await ask(dies.url)).text, 'alive');
    await assert.rejects(ask(`${dies.url}/begin`));
    assert.equal((await ask(dies.url)).text, 'alive');
    assert.deepEqual(log.counts('/exit'), [1]);
  });
});
