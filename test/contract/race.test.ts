/**
 * The purpose of the product. The app reads a counter, waits 5 ms and writes it back; two requests that do this at the
 * same time lose an update. 30 requests arrive 20 ms apart, as a person or a page would send them. Measured elsewhere
 * with the same times: no perturbation 0 lost, random delay 3, overlap 26.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { OverlapConfig, RandomDelayConfig } from '../../src/protocol/config.ts';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers } from './modes.ts';

const REQUESTS = 30;
const APART_MS = 20;

interface Disturbed {
  seed?: number;
  randomDelay?: Partial<RandomDelayConfig>;
  overlap?: Partial<OverlapConfig>;
}

forEachMode(['node', 'wsgi'], (start, mode, speech) => {
  // A process that is forked for WSGI takes one request at a time; a group needs several.
  const workers = speech === 'wsgi' && mode === 'fork' ? 4 : 2;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'counter-'));
  const file = path.join(dir, 'count');
  after(() => fs.rmSync(dir, { recursive: true, force: true }));
  let cli: Cli;
  before(async () => {
    fs.writeFileSync(file, '0');
    cli = await start('counter.cjs', ['--workers', `${workers}`], { env: { COUNTER: file } });
    await idleWorkers(cli, workers);
    // The first requests of a process are slower than all others.
    for (let at = 0; at < 5; at++) await Promise.all([ask(cli.url), ask(cli.url)]);
  });

  /** How many of the 30 updates were lost. */
  async function lostUpdates({ seed = 1, randomDelay, overlap }: Disturbed): Promise<number> {
    fs.writeFileSync(file, '0');
    const reply = await cli.ask({
      type: 'set',
      seed,
      randomDelay: { enabled: false, ...randomDelay },
      overlap: { size: 0, ...overlap },
    });
    assert.equal(reply.type, 'reply');
    const asked = [];
    for (let at = 0; at < REQUESTS; at++) {
      asked.push(ask(cli.url, { method: 'POST' }));
      await delay(APART_MS);
    }
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200);
    return REQUESTS - Number((await ask(cli.url)).text);
  }

  it('without perturbation no update is lost, except by the machine itself', {
    timeout: 60_000,
  }, async () => {
    // Each is sent 20 ms after the one before, so an update is lost only if the machine delays one worker for 15 ms and
    // not the other. Measured: 0 lost in 30 of 36 runs on two cores with four busy programs, and never more than 2;
    // with twelve 0 to 9, and more than 6 in a third of the runs, so that all five are as bad once in 250 times.
    const lost: number[] = [];
    while (lost.length < 5 && !lost.includes(0)) lost.push(await lostUpdates({}));
    assert.ok(Math.min(...lost) <= 6, `${lost} lost without perturbation`);
  });

  it('a random delay loses updates, and overlap loses nearly all', {
    timeout: 60_000,
  }, async () => {
    // Ten run together, however late they come, and each group keeps one update: 27 are lost. Four processes with one
    // at a time run ten in three turns, and keep one update of each: 21. If a worker is delayed for 5 ms within its
    // part of a group, one more is kept; 16 leaves room for five such cases in nine turns.
    const overlap = await lostUpdates({ overlap: { size: 10, maxMs: 2000 } });
    assert.ok(overlap >= 16 && overlap < REQUESTS, `${overlap} lost with overlap`);
    // Over all seeds a mean of 5 of 30 is lost. This seed loses 9 by the same arithmetic, and at least 2 in each of
    // 20,000 simulated runs in which arrivals drift by up to 4 ms and each is up to 4 ms late.
    const delayed = await lostUpdates({ seed: 511, randomDelay: { enabled: true, min: 0, max: 333 } });
    assert.ok(delayed >= 2, `${delayed} lost with random delay`);
    assert.ok(overlap > delayed, `${overlap} lost with overlap, ${delayed} with random delay`);
  });
});
