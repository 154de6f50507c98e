import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { it } from 'node:test';
import { type Cli, startCli } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers } from './modes.ts';
import { Project } from './project.ts';

const SEVERAL = ['--workers', '2', '--max-workers', '2'];
/** Requests that go to each server, so that every worker answers some. */
const REQUESTS = 128;

const project = new Project({
  'aux-first.cjs': `
    const http = require('node:http');
    const aux = http.createServer((_, res) => res.end('auxiliary'));
    const app = http.createServer((_, res) => res.end('the app'));
    const { PORT } = process.env;
    aux.listen(process.env.AUX, () => setTimeout(() => app.listen(PORT), Number(process.env.LATE)));`,
  // The name of the variable is made at run time, so the source does not say that the app reads it.
  'aux-first-unseen.cjs': `
    const http = require('node:http');
    const aux = http.createServer((_, res) => res.end('auxiliary'));
    const app = http.createServer((_, res) => res.end('the app'));
    const listen = () => app.listen(process.env[['PO', 'RT'].join('')]);
    aux.listen(process.env.AUX, () => (process.env.LATE === '0' ? listen() : setTimeout(listen, 500)));`,
  'sockets-first.cjs': `
    const http = require('node:http');
    const sockets = http.createServer((_, res) => { res.writeHead(426); res.end('auxiliary'); });
    sockets.listen(process.env.AUX, () => {
      http.createServer((_, res) => res.end('the app')).listen(process.env.OWN);
    });`,
  'probe.cjs': `
    const http = require('node:http');
    const net = require('node:net');
    const isFree = (port, onConnection) => new Promise((resolve) => {
      const probe = net.createServer(...onConnection);
      probe.once('error', () => resolve(false));
      probe.listen(port, () => probe.close(() => resolve(true)));
    });
    const find = async (port) => {
      for (const onConnection of [[], [() => {}]]) if (!(await isFree(port, onConnection))) return find(port + 1);
      return port;
    };
    find(Number(process.env.WANTED ?? process.env.PORT)).then((port) => {
      http.createServer((_, res) => res.end(String(port))).listen(port);
    });`,
  'probe-by-connecting.cjs': `
    const http = require('node:http');
    const net = require('node:net');
    const serve = (port) => http.createServer((_, res) => res.end(String(port))).listen(port);
    const port = Number(process.env.PORT);
    const probe = net.connect(port, '127.0.0.1', () => { probe.destroy(); serve(port + 1); });
    probe.on('error', ({ code }) => serve(code === 'ECONNREFUSED' ? port : port + 1));`,
  'any-port.cjs': `
    const http = require('node:http');
    const net = require('node:net');
    const probe = net.createServer().listen(0, () => {
      const { port } = probe.address();
      probe.close(() => http.createServer((_, res) => res.end('the app')).listen(port));
    });`,
  // The first worker opens A before B, the second B before A, and so on.
  'either-order.cjs': `
    const fs = require('node:fs');
    const http = require('node:http');
    fs.appendFileSync(process.env.TURNS, '.');
    const servers = ['A', 'B'].map((name) => [name, http.createServer((_, res) => res.end(name))]);
    if (fs.statSync(process.env.TURNS).size % 2 === 0) servers.reverse();
    for (const [name, server] of servers) server.listen(process.env[name]);`,
  'raw-beside.cjs': `
    const http = require('node:http');
    const net = require('node:net');
    const worker = process.pid + ' ' + require('node:worker_threads').threadId;
    net.createServer((socket) => socket.end(worker)).listen(process.env.AUX);
    http.createServer((_, res) => res.end(worker)).listen(process.env.PORT);`,
  'raw.cjs': `
    require('node:net').createServer((socket) => socket.end('raw')).listen(process.env.OWN);`,
  'closes.cjs': `
    const http = require('node:http');
    const aux = http.createServer((_, res) => res.end('auxiliary'));
    http.createServer((req, res) => {
      if (req.url === '/close') aux.close();
      if (req.url === '/open') return aux.listen(process.env.AUX, () => res.end());
      res.end();
    }).listen(process.env.PORT);
    aux.listen(process.env.AUX);`,
  'calls-itself.cjs': `
    const http = require('node:http');
    const net = require('node:net');
    const { OWN } = process.env;
    const ways = {
      fetch: async () => (await fetch('http://localhost:' + OWN + '/self')).text(),
      http: () => new Promise((resolve, reject) => {
        http.get({ port: OWN, path: '/self' }, (res) => res.setEncoding('utf8').on('data', resolve)).on('error', reject);
      }),
      net: () => new Promise((resolve, reject) => {
        const socket = net.connect(Number(OWN), '127.0.0.1');
        socket.write('GET /self HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n');
        socket.setEncoding('utf8').on('error', reject);
        let text = '';
        socket.on('data', (part) => { text += part; }).on('end', () => resolve(text.split('\\r\\n\\r\\n')[1]));
      }),
    };
    http.createServer((req, res) => {
      if (req.url === '/self') return res.end('itself');
      ways[req.url.slice(1)]().then((text) => res.end(text), (error) => res.end(String(error)));
    }).listen(OWN);`,
  'plugin.cjs': `
    module.exports = async function (fastify, opts) {
      fastify.get('/', async () => ({ root: true }));
    };`,
  'child-listens.cjs': `
    const { spawn } = require('node:child_process');
    const source = "require('node:http').createServer().listen(process.env.PORT)";
    const child = spawn(process.execPath, ['-e', source], { stdio: 'inherit' });
    child.on('exit', (code) => { if (process.env.STAYS === undefined) process.exit(code ?? 1); });
    if (process.env.STAYS !== undefined) setInterval(() => {}, 1000);`,
});

/** The answers, each once. */
async function answers(url: string, count = REQUESTS): Promise<string[]> {
  const all = await Promise.all(Array.from({ length: count }, () => ask(url)));
  return [...new Set(all.map(({ text }) => text))];
}

const local = (port: number): string => `http://127.0.0.1:${port}/`;

function warnings(cli: Cli): string[] {
  return cli.ofType('log').flatMap(({ level, text }) => (level === 'info' ? [] : [text]));
}

async function listen(port = 0): Promise<net.Server> {
  const server = net.createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** All that a raw server sends. */
async function received(port: number): Promise<string> {
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  for await (const part of socket) text += part;
  return text;
}

forEachMode((start, mode) => {
  for (const file of ['aux-first.cjs', 'aux-first-unseen.cjs', 'sockets-first.cjs']) {
    it(`the app is at the public address, and another server that listens before it is not: ${file}`, async () => {
      const aux = await freePort();
      const own = await freePort();
      const env = { AUX: String(aux), OWN: String(own), LATE: '0' };
      const cli = await start(project.file(file), SEVERAL, { env });
      await idleWorkers(cli, 2);
      assert.deepEqual(await answers(cli.url), ['the app']);
      assert.deepEqual(await answers(local(aux), 8), ['auxiliary']);
      assert.deepEqual(warnings(cli), []);
      await cli.stop();
    });
  }

  it('requests wait for the server that asks for PORT, though another one listens', async () => {
    const env = { AUX: String(await freePort()), LATE: '2000' };
    const cli = startCli([project.file('aux-first.cjs'), '--mode', mode, ...SEVERAL], { env });
    await cli.ready;
    assert.deepEqual(await answers(cli.url, 8), ['the app']);
    await cli.stop();
  });

  it('a server that asks for PORT takes the address over, also on connections that are open', async () => {
    const aux = await freePort();
    const env = { AUX: String(aux), LATE: '500' };
    const cli = await start(project.file('aux-first-unseen.cjs'), ['--workers', '1'], { env });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await ask(cli.url, { agent })).text, 'auxiliary');
    await cli.waitForType('listener');
    assert.equal((await ask(cli.url, { agent })).text, 'the app');
    assert.deepEqual(await answers(local(aux), 1), ['auxiliary']);
    agent.destroy();
    await cli.stop();
  });

  for (const file of ['probe.cjs', 'probe-by-connecting.cjs']) {
    it(`a probe finds the app’s port free and leaves nothing behind: ${file}`, async () => {
      const cli = await start(project.file(file), SEVERAL);
      await idleWorkers(cli, 2);
      assert.deepEqual(await answers(cli.url, 16), [new URL(cli.url).port]);
      assert.deepEqual([warnings(cli), cli.ofType('listener')], [[], []]);
      await cli.stop();
    });
  }

  it('a probe finds a port taken that another program has', async () => {
    const other = await listen();
    const { port } = other.address() as net.AddressInfo;
    const cli = await start(project.file('probe.cjs'), ['--workers', '1'], { env: { WANTED: String(port) } });
    assert.ok(Number((await ask(cli.url)).text) > port);
    other.close();
    await cli.stop();
  });

  it('an app that looks for any free port is served by all workers', async () => {
    const cli = await start(project.file('any-port.cjs'), SEVERAL);
    await idleWorkers(cli, 2);
    assert.deepEqual(await answers(cli.url, 16), ['the app']);
    await cli.stop();
  });

  it('two servers are the same in every worker, in whichever order they listen', async () => {
    const [a, b] = [await freePort(), await freePort()];
    const env = { A: String(a), B: String(b), TURNS: project.file(`turns-${mode}`) };
    const cli = await start(project.file('either-order.cjs'), SEVERAL, { env });
    await idleWorkers(cli, 2);
    assert.equal(fs.statSync(env.TURNS).size, 2);
    assert.deepEqual(await answers(cli.url), ['A']);
    assert.deepEqual(await answers(local(b)), ['B']);
    await cli.stop();
  });

  it('a raw server on a port of its own is in one worker, and in the next when that one ends', async () => {
    const aux = await freePort();
    const cli = await start(project.file('raw-beside.cjs'), SEVERAL, { env: { AUX: String(aux) } });
    await idleWorkers(cli, 2);
    const seen = new Set(await Promise.all(Array.from({ length: 16 }, () => received(aux))));
    assert.equal(seen.size, 1);
    const first = cli.ofType('worker').find(({ state }) => state === 'idle')!.id;
    cli.send({ type: 'restartWorker', worker: first });
    await cli.waitFor((event) => event.type === 'worker' && event.id === first && event.state === 'stopped');
    assert.equal(seen.has(await received(aux)), false);
    assert.deepEqual(warnings(cli), []);
    await cli.stop();
  });

  it('an app that speaks a protocol of its own is at the public address', async () => {
    const env = { OWN: String(await freePort()) };
    const cli = await start(project.file('raw.cjs'), ['--workers', '1'], { env });
    assert.equal(await received(Number(new URL(cli.url).port)), 'raw');
    await cli.stop();
  });

  it('a port that the app gives up is free, and it can have it again', async () => {
    const aux = await freePort();
    const cli = await start(project.file('closes.cjs'), ['--workers', '1'], { env: { AUX: String(aux) } });
    await cli.waitForType('listener');
    assert.deepEqual(await answers(local(aux), 1), ['auxiliary']);
    await ask(`${cli.url}/close`);
    (await listen(aux)).close();
    await ask(`${cli.url}/open`);
    assert.deepEqual(await answers(local(aux), 1), ['auxiliary']);
    await cli.stop();
  });

  for (const way of ['fetch', 'http', 'net']) {
    it(`an app that calls itself by ${way} at the port that it asked for reaches itself`, async () => {
      const env = { OWN: String(await freePort()) };
      const cli = await start(project.file('calls-itself.cjs'), ['--workers', '2'], { env });
      assert.equal((await ask(`${cli.url}/${way}`)).text, 'itself');
      await cli.stop();
    });
  }

  it('an app reaches another program that has the port that it asked for', async () => {
    const other = http.createServer((_, res) => res.end('another')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const env = { OWN: String((other.address() as net.AddressInfo).port) };
    const cli = await start(project.file('calls-itself.cjs'), ['--workers', '1'], { env });
    assert.equal((await ask(`${cli.url}/http`)).text, 'another');
    other.close();
    await cli.stop();
  });

  it('an exported plugin is not served, and is said to be one', async () => {
    const cli = startCli([project.file('plugin.cjs'), '--mode', mode]);
    const { error } = await cli.waitForType('error');
    assert.equal(error.code, 'APP_NEVER_LISTENED');
    assert.match(error.message, /plugin\.cjs exports a Fastify plugin.*fastify-cli/);
    await cli.stop();
  });

  for (const [how, env] of [
    ['ends', {}],
    ['goes on', { STAYS: '1' }],
  ] as const) {
    it(`an app whose server is a process of its own is told so, if it ${how}`, async () => {
      const cli = startCli([project.file('child-listens.cjs'), '--mode', mode], { env });
      const { error } = await cli.waitForType('error');
      assert.match(error.message, /server is a process of its own/);
      assert.match((await ask(cli.url)).text, /process of its own/);
      await cli.stop();
    });
  }
});
