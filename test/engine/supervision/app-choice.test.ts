import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Asking, chooseApp, keyOf, type Situation } from '../../../src/engine/supervision/app-choice.ts';
import type { Patience, ServerKind } from '../../../src/wire/frames.ts';

const KINDS: readonly ServerKind[] = ['requests', 'http', 'bytes', 'nothing'];
const UNKNOWN: Situation = { known: undefined, expectsPort: false, patience: 0 };

function server(index: number, kind: ServerKind, more: Partial<Asking> = {}): Asking {
  return { index, kind, key: `port ${3000 + index} `, forPort: false, beside: false, ...more };
}

describe('the app', () => {
  it('is the first server that handles requests, at once', () => {
    assert.equal(chooseApp([server(0, 'requests'), server(1, 'requests')], undefined, UNKNOWN), 0);
  });

  it('is the server that asks for PORT, also if another one was taken for it before', () => {
    const servers = [server(0, 'requests'), server(1, 'requests', { key: 'PORT', forPort: true })];
    assert.equal(chooseApp(servers, 0, UNKNOWN), 1);
  });

  it('waits for the server that asks for PORT, if the source reads PORT', () => {
    const expecting = { ...UNKNOWN, expectsPort: true };
    const servers = [server(0, 'requests')];
    for (const patience of [0, 1] as const) {
      assert.equal(chooseApp(servers, undefined, { ...expecting, patience }), undefined);
    }
    assert.equal(chooseApp(servers, undefined, { ...expecting, patience: 2 }), 0);
  });

  it('is the one that it is in other workers, whichever comes first here', () => {
    const servers = [server(0, 'requests'), server(1, 'requests')];
    const known = { ...UNKNOWN, known: servers[1]!.key };
    assert.equal(chooseApp(servers.slice(0, 1), undefined, known), undefined);
    assert.equal(chooseApp(servers, undefined, known), 1);
  });

  it('is no probe: a bare server that asks for PORT waits', () => {
    const probe = server(0, 'bytes', { key: 'PORT', forPort: true });
    assert.equal(chooseApp([probe], undefined, UNKNOWN), undefined);
    assert.equal(chooseApp([probe], undefined, { ...UNKNOWN, patience: 1 }), 0);
  });

  it('is a server that speaks a protocol of its own only after a while', () => {
    assert.equal(chooseApp([server(0, 'bytes')], undefined, UNKNOWN), undefined);
    assert.equal(chooseApp([server(0, 'bytes')], undefined, { ...UNKNOWN, patience: 1 }), 0);
  });

  it('has no substitute among those beside it, and a new server may take its place', () => {
    const closed: Situation = { known: 'port 3000 ', expectsPort: false, patience: 2 };
    const metrics = server(1, 'requests', { beside: true });
    assert.equal(chooseApp([metrics], undefined, closed), undefined);
    assert.equal(chooseApp([metrics, server(2, 'requests')], undefined, closed), 2);
    assert.equal(chooseApp([metrics, server(2, 'requests', { key: 'port 3000 ' })], undefined, closed), 2);
  });
});

/** What an app does with one of its servers, in some order. */
interface Step {
  port: number;
  kind: ServerKind;
  /** Closes it again at once, as a probe does. */
  closes: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  port: fc.integer({ min: 0, max: 4 }),
  kind: fc.constantFrom(...KINDS),
  closes: fc.boolean(),
});

/** Runs the steps, all of them before any patience, and returns the port of the app. */
function appOf(steps: readonly Step[], situation: Situation, appPort: number): number | undefined {
  let open: Asking[] = [];
  let chosen: number | undefined;
  const ports = new Map<number, number>();
  steps.forEach(({ port, kind, closes }, index) => {
    const forPort = port === appPort;
    ports.set(index, port);
    open.push(server(index, kind, { key: forPort ? 'PORT' : `port ${port} `, forPort }));
    chosen = chooseApp(open, chosen, situation);
    if (!closes) return;
    open = open.filter((other) => other.index !== index);
    if (chosen !== index) return;
    chosen = undefined;
    open = open.map((other) => ({ ...other, beside: true }));
  });
  for (const patience of [1, 2] as Patience[]) chosen = chooseApp(open, chosen, { ...situation, patience });
  return chosen === undefined ? undefined : ports.get(chosen);
}

describe('in any order of listen and close', () => {
  const unlike = (port: number) => step.filter((other) => other.port !== port);

  it('the HTTP server that asks for PORT and stays is the app', () => {
    fc.assert(
      fc.property(fc.array(unlike(0)), fc.array(unlike(0)), (before, after) => {
        const app: Step = { port: 0, kind: 'requests', closes: false };
        assert.equal(appOf([...before, app, ...after], UNKNOWN, 0), 0);
      }),
    );
  });

  it('the server that other workers have as the app is the app, where none asks for PORT', () => {
    fc.assert(
      fc.property(fc.array(unlike(1)), fc.array(unlike(1)), (before, after) => {
        const app: Step = { port: 1, kind: 'requests', closes: false };
        assert.equal(appOf([...before, app, ...after], { ...UNKNOWN, known: 'port 1 ' }, -1), 1);
      }),
    );
  });

  it('a probe changes nothing', () => {
    const probe = fc.record({
      port: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom<ServerKind>('bytes', 'nothing'),
      closes: fc.constant(true),
    });
    fc.assert(
      fc.property(fc.array(step), fc.array(step), probe, (before, after, tried) => {
        const without = appOf([...before, ...after], UNKNOWN, 0);
        assert.equal(appOf([...before, tried, ...after], UNKNOWN, 0), without);
      }),
    );
  });

  it('some server that is open is the app at the end, if none was closed', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), fc.boolean(), (steps, expectsPort) => {
        const staying = steps.map((one) => ({ ...one, closes: false }));
        assert.notEqual(appOf(staying, { ...UNKNOWN, expectsPort }, 0), undefined);
      }),
    );
  });
});

describe('the key of a server', () => {
  it('is its port, its path, or its turn where the port is 0', () => {
    assert.notEqual(keyOf({ port: 1 }, 0), keyOf({ port: 2 }, 0));
    assert.equal(keyOf({ port: 1 }, 0), keyOf({ port: 1 }, 5));
    assert.equal(keyOf({ path: '/a' }, 0), keyOf({ path: '/a' }, 1));
    assert.equal(keyOf({ port: 0 }, 1), keyOf({}, 1));
    assert.notEqual(keyOf({ port: 0 }, 0), keyOf({ port: 0 }, 1));
  });
});
