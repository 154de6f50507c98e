import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ask } from '../contract/http-client.ts';
import { forEachMode } from '../contract/modes.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

forEachMode((start) => {
  const args = ['--workers', '2'];

  it('a plain node:http script', async () => {
    const cli = await start('apps/plain.cjs', args);
    assert.equal((await ask(`${cli.url}/a?b`, { method: 'DELETE' })).text, 'plain DELETE /a?b');
    await cli.stop();
  });

  it('Express 5', async () => {
    const cli = await start('apps/express.cjs', args);
    const client = await ask(`${cli.url}/client`);
    assert.deepEqual(JSON.parse(client.text), { ip: '127.0.0.1', protocol: 'http', hostname: '127.0.0.1' });
    const body = JSON.stringify({ deep: [1, { two: 'ü' }] });
    const echo = await ask(`${cli.url}/echo`, { method: 'POST', headers: JSON_TYPE, body });
    assert.deepEqual([echo.status, echo.text], [201, body]);
    const file = await ask(`${cli.url}/file`);
    assert.match(file.text, /sendFile/);
    const etag = file.headers.etag ?? '';
    const cached = await ask(`${cli.url}/file`, { headers: { 'If-None-Match': etag } });
    assert.deepEqual([cached.status, cached.text], [304, '']);
    const part = await ask(`${cli.url}/file`, { headers: { Range: 'bytes=0-4' } });
    assert.deepEqual([part.status, part.text], [206, file.text.slice(0, 5)]);
    const failed = await ask(`${cli.url}/fails`);
    assert.equal(failed.status, 500);
    assert.match(failed.text, /handled by express/);
    await cli.stop();
  });

  it('Koa', async () => {
    const cli = await start('apps/koa.cjs', args);
    const { text } = await ask(`${cli.url}/a?b=c`);
    assert.deepEqual(JSON.parse(text), { ip: '127.0.0.1', path: '/a', query: { b: 'c' } });
    await cli.stop();
  });

  it('Fastify', async () => {
    const cli = await start('apps/fastify.mjs', args);
    const { text } = await ask(`${cli.url}/client`);
    assert.deepEqual(JSON.parse(text), { ip: '127.0.0.1', hostname: '127.0.0.1' });
    const echo = await ask(`${cli.url}/echo`, { method: 'POST', headers: JSON_TYPE, body: '{"a":1}' });
    assert.equal(echo.text, '{"a":1}');
    // The address that Fastify prints is the public address.
    await cli.waitFor((e) => e.type === 'log' && e.text.trim() === cli.url, { what: 'the public address' });
    await cli.stop();
  });

  it('Hono', async () => {
    const cli = await start('apps/hono.mjs', args);
    assert.equal((await ask(`${cli.url}/users/7`)).text, '{"id":"7"}');
    const echo = await ask(`${cli.url}/echo`, { method: 'POST', body: 'x'.repeat(100_000) });
    assert.deepEqual([echo.status, echo.text.length], [201, 100_000]);
    assert.equal((await ask(`${cli.url}/stream`)).text, 'one two three');
    assert.equal((await ask(`${cli.url}/none`)).status, 404);
    await cli.stop();
  });
});
