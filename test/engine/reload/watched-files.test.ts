import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isWatched } from '../../../src/engine/reload/watched-files.ts';

const root = path.resolve('/home/node_modules/me/app');
const watched = (file: string, entry = 'server.js'): boolean =>
  isWatched(path.resolve(root, file), root, path.resolve(root, entry));

describe('the watched files among the loaded ones', () => {
  it('are those of the app and beside it, whatever the name of their folder', () => {
    for (const file of [
      ...['server.js', 'src/deep/a.ts', '../shared/src/index.ts', 'builder.js', 'src/out.js'],
      ...['dist/a.js', 'routes/build/steps.js', 'out/a.js', 'target/goals.py', 'coverage/a.js', 'tmp/a.js'],
      ...['.cache/a.js', '../shop/dist/index.js', '.output/server.mjs'],
    ]) {
      assert.ok(watched(file), file);
    }
  });

  it('exclude packages, version control, and files that a framework writes while it runs', () => {
    for (const file of [
      ...['node_modules/pack/index.js', '../node_modules/pack/a.js', '.git/HEAD', '.next/server.js'],
      ...['venv/lib/a.py', 'lib/site-packages/a.py', 'app/__pycache__/a.pyc'],
    ]) {
      assert.ok(!watched(file), file);
    }
  });

  it('include such a folder if the app itself is in it', () => {
    assert.ok(watched('.next/lib/a.js', '.next/server.js'));
    assert.ok(!watched('.nuxt/a.js', '.next/server.js'));
    assert.ok(!watched('.next/node_modules/pack/a.js', '.next/server.js'));
  });
});
