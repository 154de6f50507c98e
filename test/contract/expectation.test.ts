/** Handling of an Expect field (RFC 9110, 10.1.1): no client gets `100 Continue` without asking for it. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { forEachMode } from './modes.ts';
import { connectRaw } from './raw-client.ts';

forEachMode(['node', 'wsgi'], (start, _mode, speech) => {
  let cli: Cli;
  before(async () => {
    cli = await start('http.cjs', ['--workers', '1']);
  });

  /** The status of each answer to one request on its own connection, including interim ones. */
  async function statuses(expect: string, { version = '1.1', body = 'hello', path = '/echo' } = {}) {
    const client = await connectRaw(cli.url);
    const fields = `Host: localhost\r\nConnection: close\r\n${expect}Content-Length: ${body.length}\r\n`;
    client.write(`POST ${path} HTTP/${version}\r\n${fields}\r\n${body}`);
    const text = (await client.rest()).toString('latin1');
    return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  }

  for (const value of ['x', '', '100', '100-continued', 'x100-continue', '200-ok, x']) {
    it(`an expectation of ${JSON.stringify(value)} is refused with 417, and the app does not run`, async () => {
      const from = cli.events.length;
      assert.deepEqual(await statuses(`Expect: ${value}\r\n`), [417]);
      assert.deepEqual(await statuses(`EXPECT:${value}\r\n`, { body: '' }), [417], 'without a body');
      await cli.waitFor((e) => e.type === 'request' && e.status === 417, { from });
    });
  }

  for (const fields of ['Expect: 100-CONTINUE\r\n', 'expect: x\r\nExpect: 100-continue\r\n']) {
    it(`${JSON.stringify(fields)} gets 100 and the answer`, async () => {
      assert.deepEqual(await statuses(fields), [100, 200]);
    });
  }

  it('an expectation of HTTP/1.0, which knows no interim answers, is ignored', async () => {
    for (const value of ['100-continue', 'x', '']) {
      assert.deepEqual(await statuses(`Expect: ${value}\r\n`, { version: '1.0' }), [200], value);
    }
  });

  it('a worker that refuses expectations keeps serving as many requests as before', async () => {
    for (let at = 0; at < 40; at++) assert.deepEqual(await statuses('Expect: x\r\n'), [417]);
    assert.deepEqual(await statuses(''), [200]);
  });

  it('an app that answers before it reads the body sends no 100 within its answer', {
    skip: speech !== 'wsgi' && 'the gateway for WSGI writes the 100',
  }, async () => {
    const client = await connectRaw(cli.url);
    const fields = 'Host: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n';
    client.write(`POST /answers-first HTTP/1.1\r\n${fields}\r\nhello`);
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.body.toString()], [200, 'first, then hello']);
    client.write('GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal((await client.answer()).body.toString(), 'GET /next');
    client.destroy();
  });
});
