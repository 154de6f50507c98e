import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TreeDiff } from '../../../src/extension/views/tree-diff.ts';
import { treeNodes } from '../../../src/extension/views/tree-model.ts';
import { NOW, running, t, worker } from '../server-in-states.ts';

describe('the tree on the screen', () => {
  it('draws only changed nodes again, and keeps the objects of all', () => {
    const model = running({}, {});
    const tree = new TreeDiff();
    const draw = () => tree.update(treeNodes([{ key: 'k', name: 'shop', model }], NOW, t));
    assert.equal(draw(), 'all');
    const [root] = tree.roots;
    const [first, second] = root!.children;
    assert.deepEqual(draw(), []);
    model.apply(worker(2, { state: 'busy', inFlight: 1 }), NOW);
    assert.deepEqual(draw(), [second]);
    assert.equal(second?.label, '#2 busy 1');
    model.apply(worker(3, {}), NOW);
    assert.deepEqual(draw(), [root]);
    assert.deepEqual(root?.children.slice(0, 2), [first, second]);
    assert.equal(root?.children[0], first);
    model.stopped();
    assert.equal(draw(), 'all');
  });
});
