import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SessionRequest } from '../../../src/engine/requests/session-request.ts';
import { MAX_SESSIONS, Sessions } from '../../../src/engine/scheduling/sessions.ts';

const request = (id: string, onlyIfGiven = false): SessionRequest => ({
  protocol: 'MCP',
  id,
  onlyIfGiven,
});

describe('the sessions of workers', () => {
  it('are where they were given, or used last', () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const step = fc.record({ how: fc.constantFrom('given', 'used', 'perhaps'), id, worker: fc.nat(4) });
    const property = fc.property(fc.array(step), (steps) => {
      const sessions = new Sessions();
      const model = new Map<string, number>();
      for (const { how, id: name, worker } of steps) {
        if (how === 'given') sessions.given(name, worker);
        else sessions.used(request(name, how === 'perhaps'), worker);
        if (how !== 'perhaps' || model.has(name)) model.set(name, worker);
        for (const known of ['a', 'b', 'c'])
          assert.equal(sessions.of(request(known)), model.get(known), `${how} ${name}`);
      }
    });
    fc.assert(property);
  });

  it('are at most so many: those unused for longest are forgotten', () => {
    const sessions = new Sessions();
    for (let at = 0; at < MAX_SESSIONS; at++) sessions.given(`${at}`, 1);
    sessions.used(request('0'), 1);
    sessions.given('new', 2);
    const workers = ['0', '1', '2', 'new'].map((id) => sessions.of(request(id)));
    assert.deepEqual(workers, [1, undefined, 1, 2]);
  });

  it('have none for a request that asks for a name', () => {
    const sessions = new Sessions();
    const asks = { protocol: 'socket.io', id: undefined, onlyIfGiven: false } as const;
    sessions.used(asks, 1);
    assert.equal(sessions.of(asks), undefined);
  });
});
