import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ask } from '../contract/http-client.ts';
import { forEachMode } from '../contract/modes.ts';
import { connectRaw, type RawClient } from '../contract/raw-client.ts';

forEachMode((start) => {
  it('server-sent events arrive one by one, as they are sent, and the app learns that the client has disconnected', async () => {
    // One worker: the app keeps its clients in a variable.
    const cli = await start('apps/events.cjs', ['--workers', '1', '--max-workers', '1']);
    const client = await connectRaw(cli.url);
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
    assert.match(await headOf(client), /^HTTP\/1\.1 200 OK\r\n[\s\S]*text\/event-stream/);
    for (const event of ['/first', '/second', '/third']) {
      // The next one is sent only when the last has come, so no event can be delayed.
      await ask(`${cli.url}${event}`, { method: 'POST' });
      const chunk = await client.take(Number.parseInt(await client.line(), 16));
      assert.equal(chunk.toString(), `data: ${event}\n\n`);
      assert.equal(await client.line(), '');
    }
    client.destroy();
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('client left'));
    const record = await cli.waitFor((e) => e.type === 'request' && e.method === 'GET');
    assert.equal(record.type === 'request' && record.failure, 'client closed');
    await cli.stop();
  });
});

async function headOf(client: RawClient): Promise<string> {
  const lines: string[] = [];
  for (let line = await client.line(); line !== ''; line = await client.line()) lines.push(line);
  return lines.join('\r\n');
}
