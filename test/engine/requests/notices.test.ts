import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Notices } from '../../../src/engine/requests/notices.ts';
import type { ServerEvent } from '../../../src/protocol/messages.ts';

/** What is said of overlaps that have waited in vain. */
function said(...waited: Array<{ came: number; size: number }>): string[] {
  const events: ServerEvent[] = [];
  const notices = new Notices({
    emit: (event) => events.push(event),
    severalServe: () => true,
    countedBy: () => 'workers',
  });
  for (const { came, size } of waited) notices.overlapIncomplete({ came, size, maxMs: 150 });
  return events.map((event) => (event.type === 'log' ? event.text : event.type));
}

describe('an overlap that a browser can not fill', () => {
  it('is explained once', () =>
    assert.deepEqual(said({ came: 6, size: 8 }, { came: 6, size: 8 }), [
      'overlap waited 150 ms for 8 requests, and 6 came. A page in one browser opens at most 6 connections to one host. ' +
        'Use --overlap 6 or fewer, or another client.',
    ]));

  it('is not the reason if a browser could fill it', () => assert.deepEqual(said({ came: 5, size: 6 }), []));

  it('is not the reason if only one request came', () => assert.deepEqual(said({ came: 1, size: 8 }), []));

  it('is not the reason if more came than a browser sends', () =>
    assert.deepEqual(said({ came: 7, size: 8 }), []));
});
