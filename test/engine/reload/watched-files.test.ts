import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isWatched } from '../../../src/engine/reload/watched-files.ts';

const root = path.resolve('/home/dist/me/app');
const watched = (file: string, entry = 'server.js'): boolean =>
  isWatched(path.resolve(root, file), root, path.resolve(root, entry));

describe('what is watched', () => {
  it('are the sources of the app, and those beside it', () => {
    for (const file of ['server.js', 'src/deep/a.ts', '../shared/src/index.ts', 'builder.js', 'src/out.js']) {
      assert.ok(watched(file), file);
    }
  });

  it('are not packages, version control and build output', () => {
    for (const file of [
      ...['node_modules/pack/index.js', '.git/HEAD', 'dist/a.js', 'packages/x/build/a.js', '.next/server.js'],
      ...['../node_modules/pack/a.js', '../shared/dist/index.js'],
    ]) {
      assert.ok(!watched(file), file);
    }
  });

  it('is the build output that the app is itself', () => {
    assert.ok(watched('dist/lib/a.js', 'dist/server.js'));
    assert.ok(!watched('build/a.js', 'dist/server.js'));
    assert.ok(!watched('dist/node_modules/pack/a.js', 'dist/server.js'));
  });
});
