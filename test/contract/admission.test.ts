import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { connectRaw, type RawAnswer } from './raw-client.ts';
import { RunLog } from './run-log.ts';

const HOST = 'Host: localhost\r\n';

const REFUSED: Array<[what: string, status: number, request: string]> = [
  [
    'two different Content-Length',
    400,
    `POST /bad HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  ],
  [
    'Content-Length twice',
    400,
    `POST /bad HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
  ],
  [
    'Content-Length with Transfer-Encoding',
    400,
    `POST /bad HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['bare LF', 400, `GET /bad HTTP/1.1\n${HOST}\n`],
  ['a folded field', 400, `GET /bad HTTP/1.1\r\n${HOST}X-A: 1\r\n 2\r\n\r\n`],
  ['white space before the colon', 400, `GET /bad HTTP/1.1\r\n${HOST}X-A : 1\r\n\r\n`],
  ['no Host', 400, 'GET /bad HTTP/1.1\r\n\r\n'],
  ['two Hosts', 400, `GET /bad HTTP/1.1\r\n${HOST}${HOST}\r\n`],
  ['a head over 128 KiB', 431, `GET /bad HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(129 * 1024)}\r\n\r\n`],
  ['too many fields', 431, `GET /bad HTTP/1.1\r\n${HOST}${'X-A: 1\r\n'.repeat(3000)}\r\n`],
];

forEachMode(['node', 'wsgi'], (start) => {
  const log = new RunLog();
  let cli: Cli;
  before(async () => {
    const args = ['--workers', '1', '--allowed-host', 'app.test', '--allowed-host', '.wild.test'];
    cli = await start('run-log.cjs', args, { env: log.env });
  });

  for (const [what, status, request] of REFUSED) {
    it(`a request with ${what} is refused with ${status}, closed and never forwarded`, async () => {
      const client = await connectRaw(cli.url);
      client.write(`${request}GET /smuggled HTTP/1.1\r\n${HOST}\r\n`);
      const answer = await client.answer();
      assert.equal(answer.status, status);
      assert.equal(answer.headers.connection, 'close');
      assert.equal(await client.ending(), 'end');
      assert.deepEqual(log.counts('/bad'), []);
      assert.deepEqual(log.counts('/smuggled'), []);
      client.destroy();
    });
  }

  it('a bad chunk ends the connection, and no request follows it', async () => {
    const client = await connectRaw(cli.url);
    client.write(`POST /?chunk&wait=never HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
    client.write(`zz\r\nab\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`);
    assert.equal((await client.answer()).status, 400);
    assert.equal(await client.ending(), 'end');
    assert.deepEqual(log.counts('/smuggled'), []);
    client.destroy();
  });

  for (const host of [
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1',
    '127.9.9.9:80',
    '[::1]',
    'app.localhost',
    'app.test',
    'a.wild.test',
  ]) {
    it(`Host ${host} is allowed`, async () => {
      assert.equal((await named(cli.url, `Host: ${host}`)).status, 200);
    });
  }

  for (const host of ['evil.test', 'localhost.evil.test', 'x.app.test', '10.0.0.1', '127.0.0.1.evil.test']) {
    it(`Host ${host} gets 403 and the setting that would allow it`, async () => {
      const answer = await named(cli.url, `Host: ${host}`, '/forbidden');
      assert.equal(answer.status, 403);
      assert.match(answer.body.toString(), /allowedHosts/);
      assert.match(answer.body.toString(), /--allowed-host/);
      assert.match(answer.headers['server-timing'] ?? '', /worker;desc="0"/);
      assert.deepEqual(log.counts('/forbidden'), []);
    });
  }

  it("an upgrade from a page of another origin gets 403; one from the app's own page is allowed", async () => {
    const upgrade = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    const forbidden = await named(cli.url, `${upgrade}Origin: https://evil.test`);
    assert.equal(forbidden.status, 403);
    assert.match(forbidden.body.toString(), /evil\.test.*allowedHosts/s);
    assert.equal((await named(cli.url, `${upgrade}Origin: null`)).status, 403);
    const ours = await named(cli.url, `${upgrade}Origin: http://localhost:${new URL(cli.url).port}`);
    assert.equal(ours.status, 200, 'the app has no upgrades and answers as it would without us');
  });

  it('a page of another origin may send plain requests, as to any server', async () => {
    assert.equal((await named(cli.url, 'Host: localhost\r\nOrigin: https://evil.test')).status, 200);
  });

  it('a refusal comes as HTML, JSON or text, as the client accepts, and escaped', async () => {
    const upgrade = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://<script>';
    const html = await named(cli.url, `${upgrade}\r\nAccept: text/html,application/json;q=0.9,*/*;q=0.8`);
    assert.match(html.headers['content-type'] ?? '', /^text\/html/);
    assert.match(html.body.toString(), /&lt;script&gt;/);
    assert.doesNotMatch(html.body.toString(), /<script/);
    const json = await ask(cli.url, { headers: { Host: 'evil.test', Accept: 'application/json' } });
    assert.equal(JSON.parse(json.text).status, 403);
    const text = await ask(cli.url, { headers: { Host: 'evil.test' } });
    assert.match(text.headers['content-type'] ?? '', /^text\/plain/);
  });
});

async function named(url: string, fields: string, path = '/'): Promise<RawAnswer> {
  const client = await connectRaw(url);
  client.write(`GET ${path} HTTP/1.1\r\n${fields}\r\n\r\n`);
  const answer = await client.answer();
  client.destroy();
  return answer;
}
