/** Answers full of what differs from run to run, as apps make it: none of it may be taken for a race, and none may hide one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { learn } from '../../../src/races/outcomes/learn.ts';
import type { Scene } from '../../../src/races/outcomes/scene.ts';
import { SerialSet } from '../../../src/races/outcomes/serial-set.ts';
import type { Outcome } from '../../../src/races/types.ts';
import { copiesScene, html, json, NOW_MS, outcome, runsOf, sent } from './support.ts';

const DAY_MS = 86_400_000;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

class App {
  #state: number;
  #sequence = 100;
  nowMs = NOW_MS;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below the limit: mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]!).join('');
  }

  hex(length: number): string {
    return this.text(length, '0123456789abcdef');
  }

  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  time(laterMs = 0): Date {
    return new Date(this.nowMs + laterMs);
  }
}

const MADE: Record<string, (app: App) => unknown> = {
  id: (app) => `${app.hex(8)}-${app.hex(4)}-4${app.hex(3)}-a${app.hex(3)}-${app.hex(12)}`,
  orderId: (app) => app.next(),
  number: (app) => app.next(),
  nanoid: (app) => app.text(21, BASE64URL),
  short: (app) => app.text(7, 'abcdefghijklmnopqrstuvwxyz0123456789'),
  jwt: (app) => `eyJhbGciOiJIUzI1NiJ9.${app.text(40, BASE64URL)}.${app.text(43, BASE64URL)}`,
  objectId: (app) =>
    `${Math.floor(app.nowMs / 1000).toString(16)}aabbccddee${(0xabc000 + app.next()).toString(16)}`,
  createdAt: (app) => app.time().toISOString(),
  expires: (app) =>
    app
      .time(30 * DAY_MS)
      .toISOString()
      .replace(/\.\d+/, ''),
  exp: (app) => Math.floor(app.nowMs / 1000) + 7 * 86_400,
  timestamp: (app) => app.nowMs,
  written: (app) => app.time().toString(),
  http: (app) => app.time(3_600_000).toUTCString(),
  local: (app) => app.time().toLocaleString('en-US'),
  clock: (app) => app.time().toLocaleTimeString('en-US'),
  elapsedMs: (app) => app.below(4),
  load: (app) => app.below(1_000_000) / 1_000_000,
  message: (app) => `Order ${app.hex(8)} is ready at ${app.time().toISOString()}`,
  url: (app) => `http://127.0.0.1:${30_000 + app.below(9999)}/files/${app.hex(8)}`,
};

const SCENE: Scene = {
  ...copiesScene('POST /orders', 2, 'GET /orders'),
  probes: [sent('GET /orders'), sent('GET /page'), sent('GET /export')],
};

function trial(app: App, names: readonly string[], amount = 5): Outcome {
  const noise = (): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, MADE[name]!(app)]));
  app.nowMs += 80 + app.below(60);
  const answers = [0, 1].map(() => {
    app.nowMs += 1 + app.below(5);
    return json(201, { ...noise(), ok: true }, [
      ['Location', `/orders/${app.next()}`],
      ['Set-Cookie', `sid=${app.hex(32)}; HttpOnly`],
    ]);
  });
  const rows = [0, 1].map(() => ({ ...noise(), amount: 5 }));
  // A small number without a name may be equal in two runs; in JSON its name says that it is measured.
  const shown = rows.map(({ ...row }: Record<string, unknown>) => {
    delete row.elapsedMs;
    return Object.values(row);
  });
  const cells = shown.map((row) => row.map((value) => `<td>${value}</td>`).join(''));
  return outcome(answers, [
    json(200, { rows, last: noise(), total: amount }),
    html(
      `<form><input name="_csrf" value="${app.text(24, BASE64URL)}"></form>\n<table>\n` +
        `${cells.map((row) => `<tr>${row}</tr>\n`).join('')}</table>\n<p>Balance: ${amount} EUR</p>`,
    ),
    html(`${shown.map((row) => row.join(';')).join('\n')}\ntotal;${amount}\n`),
  ]);
}

describe('what differs in every run', () => {
  it('is no race, and hides none, after two runs of one order', () => {
    const names = fc.uniqueArray(fc.constantFrom(...Object.keys(MADE)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(), names, (seed, chosen) => {
        const app = new App(seed);
        const runs = runsOf([trial(app, chosen), trial(app, chosen)]);
        const { masks, undecided } = learn(SCENE, runs);
        assert.deepEqual(undecided, []);
        const set = new SerialSet(SCENE, masks, runs);
        for (let count = 0; count < 4; count++) {
          const seen = trial(app, chosen);
          assert.ok(set.contains(seen), set.difference(runs[0]!.outcome, seen).join('\n'));
          assert.deepEqual(set.difference(runs[0]!.outcome, trial(app, chosen, 4)), [
            'GET /orders: $.total 5 → 4',
            'GET /page: text "Balance: 5 EUR" → "Balance: 4 EUR"',
            'GET /export: text "total;5" → "total;4"',
          ]);
        }
      }),
    );
  });
});

describe('replays of one schedule', () => {
  it('agree only if they differ in the same values', () => {
    const scene = copiesScene('POST /apply', 1, 'GET /balance');
    const shows = (balance: number): Outcome => outcome([json(200, {})], [json(200, { balance })]);
    const runs = runsOf([shows(1), shows(1)]);
    const set = new SerialSet(scene, learn(scene, runs).masks, runs);
    assert.ok(set.agree([shows(2), shows(2), shows(2)]));
    assert.ok(!set.agree([shows(2), shows(3), shows(2)]));
  });
});
