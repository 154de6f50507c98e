import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import { describe, it } from 'node:test';
import { startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { fixture } from './modes.ts';

const both = Object.values(os.networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);
const skip = both ? false : 'this machine has no ::1';

/** Resolves with the server once it listens; rejects if the address is taken. */
async function listen(host: string, port: number): Promise<net.Server> {
  const server = net.createServer().listen(port, host);
  await once(server, 'listening');
  return server;
}

describe('localhost', { skip }, () => {
  for (const address of ['0', 'localhost:0', 'LOCALHOST:0']) {
    it(`answers on 127.0.0.1 and ::1 as ${address}, and frees both`, async () => {
      const cli = startCli([fixture('who.cjs')], { address });
      await cli.ready;
      const { port } = new URL(cli.url);
      for (const host of ['127.0.0.1', '[::1]']) {
        assert.equal((await ask(`http://${host}:${port}`)).status, 200, host);
      }
      assert.deepEqual(
        cli.ofType('log').filter(({ level }) => level === 'warn'),
        [],
      );
      await cli.stop();
      for (const host of ['127.0.0.1', '::1']) (await listen(host, Number(port))).close();
    });
  }

  for (const asked of [{ port: 0 }, { port: 0, host: 'localhost' }]) {
    it(`answers on both for an additional server that asks for ${JSON.stringify(asked)}`, async () => {
      const cli = startCli([fixture('two-listeners.cjs'), '--workers', '1'], {
        env: { SECOND: JSON.stringify(asked) },
      });
      const { url } = await cli.waitForType('listener');
      const { port } = new URL(url);
      for (const host of ['127.0.0.1', '[::1]']) {
        assert.equal((await ask(`http://${host}:${port}`)).text, `second ${port}`, host);
      }
      await cli.stop();
    });
  }

  it('is one address if the user names one', async () => {
    const cli = startCli([fixture('who.cjs')], { address: '127.0.0.1:0' });
    await cli.ready;
    const other = await listen('::1', Number(new URL(cli.url).port));
    other.close();
    await cli.stop();
  });

  it('is reported if another program has it on ::1, and 127.0.0.1 answers', async () => {
    const other = await listen('::1', 0);
    const { port } = other.address() as net.AddressInfo;
    const cli = startCli([fixture('who.cjs')], { address: String(port) });
    await cli.ready;
    const warning = await cli.waitFor((event) => event.type === 'log' && event.level === 'warn');
    assert.match(warning.type === 'log' ? warning.text : '', new RegExp(`Port ${port} of ::1`));
    assert.equal((await ask(`http://127.0.0.1:${port}`)).status, 200);
    await cli.stop();
    other.close();
  });
});
