/** The promise that the differential tests prove: the front passes no message that node would read differently. */
import assert from 'node:assert/strict';
import { type FrontSeen, readWithFront } from './front-parser.ts';
import { NodeParser, type Seen } from './node-parser.ts';

const listening = new NodeParser(true);
const ignoring = new NodeParser(false);

/**
 * Fails unless node reads every message that the front passes in the same way, and the front refuses every message that
 * node refuses. Returns the front's result for the bytes.
 */
export function assertAgreement(bytes: Buffer): FrontSeen {
  const front = readWithFront([bytes]);
  // With an upgrade listener, node hands it the body unread, so there is nothing to compare.
  const handedOver = front.heads.some(
    ({ upgrade, chunked, contentLength }) => upgrade !== undefined && (chunked || contentLength > 0),
  );
  if (!handedOver) compare(front, listening.read([bytes]));
  compare(front, ignoring.read([bytes]));
  return front;
}

function compare(front: FrontSeen, node: Seen): void {
  const about = () => `front: ${show(front)}\nnode: ${show(node)}`;
  front.messages.forEach((ours, index) => {
    const theirs = node.messages[index];
    if (theirs === undefined && front.at === 'refused' && !ours.complete) return;
    assert.ok(theirs !== undefined, `Node does not see message ${index}\n${about()}`);
    assert.equal(ours.method, theirs.method, about());
    assert.equal(ours.target, theirs.target, about());
    if (ours.complete || front.at === 'body') {
      assert.equal(ours.complete, theirs.complete, `Message ${index} ends elsewhere\n${about()}`);
      assert.equal(ours.body, theirs.body, about());
    }
  });
  if (front.at !== 'head' && front.at !== 'body') return;
  assert.equal(front.messages.length, node.messages.length, `Node sees other messages\n${about()}`);
  if (node.refused === undefined) return;
  // The front has not passed an incomplete head either.
  const unended = front.at === 'head' && front.rest.length > 0 && !front.rest.includes('\r\n\r\n');
  assert.ok(unended, `Node refuses what the front takes\n${about()}`);
}

function show(seen: Seen): string {
  return JSON.stringify({ refused: seen.refused, messages: seen.messages });
}
