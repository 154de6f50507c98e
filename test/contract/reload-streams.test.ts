import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, it } from 'node:test';
import zlib from 'node:zlib';
import WebSocket from 'ws';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { Project } from './project.ts';

const PAGE = '<!doctype html><title>é</title><p>page</p>';

/** WebSockets, event streams in three framings, and pages of all kinds. */
const APP = `
  const http = require('node:http');
  const zlib = require('node:zlib');
  const { WebSocketServer } = require(process.env.WS);
  const page = ${JSON.stringify(PAGE)};
  const html = { 'Content-Type': 'text/html; charset=utf-8' };
  const sized = (res, status, fields, body) =>
    res.writeHead(status, { ...html, ...fields, 'Content-Length': Buffer.byteLength(body) }).end(body);
  const server = http.createServer((req, res) => {
    switch (req.url) {
      case '/events':
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        res.write('data: one\\n\\n');
        return;
      case '/page': return res.setHeader('Content-Type', html['Content-Type']).end(page);
      case '/zipped': return sized(res, 200, { 'Content-Encoding': 'gzip' }, zlib.gzipSync(page));
      case '/strict': return sized(res, 200, { 'Content-Security-Policy': "default-src 'self'" }, page);
      case '/streamed': res.writeHead(200, html); res.write(page); return res.end();
      case '/failed': return sized(res, 404, {}, page);
      default: return res.end(page);
    }
  });
  new WebSocketServer({ server }).on('connection', (socket) => socket.send('hello'));
  server.listen(3000);
`;

forEachMode((start) => {
  const run = (app: Project, args: string[] = []): Promise<Cli> =>
    start(app.file('app.js'), ['--workers', '2', '--cwd', app.folder, ...args], {
      env: { WS: createRequire(path.resolve('package.json')).resolve('ws') },
    });

  const app = new Project({ 'app.js': APP });
  let cli: Cli;
  before(async () => {
    cli = await run(app);
  });

  it('pages are unchanged without --reload-browser', async () => {
    assert.equal((await ask(`${cli.url}/page`)).text, PAGE);
  });

  it('a WebSocket of the old code is closed with 1012, "service restart", once the new code is served', async () => {
    const socket = new WebSocket(cli.url.replace('http', 'ws'));
    await once(socket, 'message');
    const closed = once(socket, 'close');
    app.save('app.js', `${APP}\n`);
    const [code] = (await closed) as [number];
    assert.equal(code, 1012);
    await cli.waitFor((event) => event.type === 'reload' && event.state === 'done');
    const next = new WebSocket(cli.url.replace('http', 'ws'));
    await once(next, 'message');
    next.terminate();
  });

  it('an event stream of the old code ends like a complete answer', async () => {
    const [response] = (await once(http.get(`${cli.url}/events`), 'response')) as [http.IncomingMessage];
    await once(response, 'data');
    response.resume();
    app.save('app.js', `${APP}\n\n`);
    await once(response, 'end');
    assert.equal(response.complete, true);
  });

  it('with --reload-browser pages reload, if a script can be added without harm', async () => {
    const app = new Project({ 'app.js': APP });
    const cli = await run(app, ['--reload-browser']);
    const page = await ask(`${cli.url}/page`);
    const [, target = ''] = /<script>new EventSource\("([^"]+)"\)/.exec(page.text) ?? [];
    assert.ok(page.text.startsWith(PAGE) && target !== '', page.text);
    assert.equal(Number(page.headers['content-length']), Buffer.byteLength(page.text));
    for (const path of ['/strict', '/streamed', '/failed', '/other']) {
      assert.equal((await ask(cli.url + path)).text, PAGE, path);
    }
    const zipped = await fetch(`${cli.url}/zipped`);
    assert.equal(await zipped.text(), PAGE);
    assert.equal(zlib.gzipSync(PAGE).length, Number(zipped.headers.get('content-length')));

    const stream = await fetch(cli.url + target);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    app.save('app.js', `${APP}\n`);
    assert.match((await reader.read()).value ?? '', /^data: /);
    await reader.cancel();
    await cli.stop();
  });
});
