import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { startCli } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { ask } from './http-client.ts';
import { fixture, forEachMode } from './modes.ts';

interface Seen {
  client: { remoteAddress: string; remotePort: number; localPort: number; remoteFamily: string };
  address: net.AddressInfo | string;
  main: boolean;
  argv: string[];
  env: { PORT: string; HOST: string; FROM_FILE?: string };
  cwd: string;
  version: string;
  host: string;
  url: string;
}

forEachMode((start, mode) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));
  after(() => fs.rmSync(dir, { recursive: true, force: true }));

  async function seen(listen: unknown[], args: string[] = []): Promise<{ seen: Seen; url: URL }> {
    const cli = await start('address.cjs', ['--workers', '1', ...args], {
      env: { LISTEN: JSON.stringify(listen) },
    });
    const { text } = await ask(`${cli.url}/a?b=c`);
    const url = new URL(cli.url);
    await cli.stop();
    return { seen: JSON.parse(text) as Seen, url };
  }

  for (const listen of [[3000], [0], [{ port: 3000, host: '127.0.0.1' }], ['PORT'], [3000, '0.0.0.0'], []]) {
    it(`an app that calls listen(${JSON.stringify(listen).slice(1, -1)}) is at the public address`, async () => {
      const { seen: saw, url } = await seen(listen);
      const port = Number(url.port);
      assert.deepEqual(saw.address, { address: '127.0.0.1', family: 'IPv4', port });
      assert.deepEqual(saw.env, { PORT: url.port, HOST: '127.0.0.1' });
      assert.equal(saw.client.localPort, port);
    });
  }

  it('an app that listens on a unix path is at the public address as well, and sees its path', async () => {
    const file = path.join(dir, 'app.sock');
    const { seen: saw } = await seen([file]);
    assert.equal(saw.address, file);
    assert.equal(fs.existsSync(file), false);
  });

  it('the app sees its client, and the unchanged request', async () => {
    const cli = await start('address.cjs', ['--workers', '1']);
    const { port } = new URL(cli.url);
    const [saw, localPort] = await new Promise<[Seen, number]>((resolve, reject) => {
      const request = http.get(`${cli.url}/a?b=c`, { agent: false }, (response) => {
        const { localPort = 0 } = response.socket;
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve([JSON.parse(text) as Seen, localPort]));
      });
      request.on('error', reject);
    });
    assert.deepEqual(saw.client, {
      remoteAddress: '127.0.0.1',
      remotePort: localPort,
      remoteFamily: 'IPv4',
      localAddress: '127.0.0.1',
      localPort: Number(port),
      localFamily: 'IPv4',
    });
    assert.deepEqual([saw.url, saw.host], ['/a?b=c', `127.0.0.1:${port}`]);
    await cli.stop();
  });

  it('the app is the main module and finds its arguments', async () => {
    const { seen: saw } = await seen([3000], ['--', 'first', '--flag']);
    assert.equal(saw.main, true);
    assert.deepEqual(saw.argv, [fixture('address.cjs'), 'first', '--flag']);
  });

  it('the app runs in the folder of --cwd, with the variables of --env-file', async () => {
    fs.writeFileSync(path.join(dir, 'app.env'), 'FROM_FILE="a b"\n');
    const { seen: saw } = await seen([3000], ['--cwd', dir, '--env-file', path.join(dir, 'app.env')]);
    assert.deepEqual([saw.cwd, saw.env.FROM_FILE], [fs.realpathSync(dir), 'a b']);
  });

  it('fork workers run on the Node of --node', {
    skip: mode === 'thread' && 'threads run on the server’s',
  }, async () => {
    const node = path.resolve('node_modules/node/bin/node');
    const { seen: saw } = await seen([3000], ['--node', node]);
    assert.equal(saw.version, execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
  });

  it('an ES module is served, with top-level await', async () => {
    const cli = await start('module.mjs', ['--workers', '1']);
    assert.equal((await ask(cli.url)).text, 'module module.mjs');
    await cli.stop();
  });

  it('TypeScript is served if the Node that runs the app strips types', async () => {
    const node = path.resolve('node_modules/.bin/node');
    const cli = await start('typed.ts', ['--workers', '1'], { node });
    assert.equal((await ask(cli.url)).text, 'typed');
    await cli.stop();
  });

  for (const [file, text] of [
    ['function.cjs', 'function /hello'],
    ['function.mjs', 'default /hello'],
    ['http-server.cjs', 'server /hello'],
    ['express.cjs', 'express /hello'],
    ['koa.cjs', 'koa /hello'],
    ['fastify.mjs', 'fastify /hello'],
    ['hono.mjs', 'hono /hello'],
    ['fetch.mjs', 'fetch /hello'],
  ] as const) {
    it(`an app that only exports, as ${file}, is served`, async () => {
      const cli = await start(`exports/${file}`, ['--workers', '1']);
      assert.equal((await ask(`${cli.url}/hello`)).text, text);
      await cli.stop();
    });
  }

  it('an app that neither listens nor exports a servable value gets an error that says so', async () => {
    const cli = startCli([fixture('exports/nothing.cjs'), '--mode', mode]);
    const { error } = await cli.waitForType('error');
    assert.equal(error.code, 'APP_NEVER_LISTENED');
    assert.match(error.message, /nothing\.cjs neither listens nor exports/);
    assert.match((await ask(cli.url)).text, /neither listens nor exports/);
    await cli.stop();
  });

  it('additional servers of an app get public addresses: those they asked for', async () => {
    const port = await freePort();
    const cli = await start('two-listeners.cjs', ['--workers', '2'], {
      env: { SECOND: JSON.stringify({ port, host: '127.0.0.1' }) },
    });
    const { url, index } = await cli.waitForType('listener');
    assert.deepEqual([url, index], [`http://127.0.0.1:${port}/`, 1]);
    assert.equal((await ask(cli.url)).text, 'first');
    assert.equal((await ask(url)).text, `second ${port}`);
    await cli.stop();
    await assert.rejects(ask(url), { code: 'ECONNREFUSED' });
  });

  it('an additional server on a unix path is reached there, and its file is removed with the server', async () => {
    const file = path.join(dir, 'second.sock');
    const cli = await start('two-listeners.cjs', ['--workers', '1'], {
      env: { SECOND: JSON.stringify({ path: file }) },
    });
    await cli.waitForType('listener');
    const text = await new Promise((resolve, reject) => {
      const request = http.get({ socketPath: file, path: '/' }, (response) => {
        response.setEncoding('utf8').on('data', resolve);
      });
      request.on('error', reject);
    });
    assert.match(String(text), /^second/);
    await cli.stop();
    assert.equal(fs.existsSync(file), false);
  });

  it('a taken additional port is the app’s own error, as without Concurrent Server', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const cli = startCli([fixture('two-listeners.cjs'), '--mode', mode, '--workers', '1'], {
      env: { SECOND: JSON.stringify({ port, host: '127.0.0.1' }) },
    });
    const { error } = await cli.waitForType('error');
    assert.match(String(error.details?.stack), /EADDRINUSE/);
    taken.close();
    await cli.stop();
  });

  it('the TLS of an https app is passed through, and the log says so', async () => {
    const cli = await start('https.cjs', ['--workers', '2']);
    const { port } = new URL(cli.url);
    const ca = fs.readFileSync(fixture('localhost-cert.pem'));
    for (let at = 0; at < 3; at++) {
      const answer = await new Promise<{ encrypted: boolean }>((resolve, reject) => {
        const request = https.get(
          `https://localhost:${port}/`,
          { ca, family: 4, agent: false },
          (response) => {
            let text = '';
            response.on('data', (chunk) => {
              text += chunk;
            });
            response.on('end', () => resolve(JSON.parse(text) as { encrypted: boolean }));
          },
        );
        request.on('error', reject);
      });
      assert.equal(answer.encrypted, true);
    }
    await cli.waitFor((e) => e.type === 'log' && e.source === 'server' && /TLS/.test(e.text), {
      what: 'the log to say that TLS is passed through',
    });
    await cli.stop();
  });

  it("the app's output is logged with its worker and request", async () => {
    const cli = await start('dies.cjs', ['--workers', '1'], { env: { RUN_LOG: path.join(dir, 'runs') } });
    const started = await cli.waitFor((e) => e.type === 'log' && e.text.includes('started'));
    assert.ok(started.type === 'log');
    assert.deepEqual([started.source, started.worker, started.request], ['stdout', 1, undefined]);
    void ask(`${cli.url}/wait`).catch(() => {});
    const waiting = await cli.waitFor((e) => e.type === 'log' && e.text.includes('waiting'));
    assert.equal(waiting.type === 'log' && waiting.request, 1);
    await cli.kill();
  });
});
