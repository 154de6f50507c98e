import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { watchedGlobs } from '../../../src/engine/reload/watched-globs.ts';

const root = path.resolve('/home/me (old)/app');
const at = (file: string): string => path.resolve(root, file);
const matches = (pattern: string, file: string): boolean =>
  watchedGlobs([pattern], root).trees.some((tree) => tree.matches(at(file)));
const enters = (pattern: string, folder: string): boolean =>
  watchedGlobs([pattern], root).trees.some((tree) => tree.enters(at(folder)));

describe('a name for --watch', () => {
  it('stands for a folder with everything in it, however it is written', () => {
    for (const pattern of ['views', 'views/', './views', './views/', 'views/**', './views/**', at('views')]) {
      assert.ok(matches(pattern, 'views/page.html'), pattern);
      assert.ok(matches(pattern, 'views/deep/.hidden/page.html'), pattern);
      assert.ok(!matches(pattern, 'viewsxx/page.html'), pattern);
      assert.ok(!matches(pattern, 'page.html'), pattern);
    }
  });

  it('stands for a file, or for the files that match a glob', () => {
    assert.ok(matches('data.json', 'data.json'));
    assert.ok(matches('views/*.{html,css}', 'views/a.css'));
    assert.ok(!matches('views/*.html', 'views/deep/a.html'));
    assert.ok(matches('**/*.html', 'a.html'));
    assert.ok(matches('views/*/', 'views/a'));
  });

  it("may lead out of the app's folder", () => {
    assert.ok(matches('../shared', '../shared/views/a.html'));
    assert.ok(matches('../shared/*.yml', '../shared/a.yml'));
    assert.ok(matches(path.resolve('/etc/app/*.conf'), '/etc/app/a.conf'));
  });

  it('may be a folder whose name has the characters of globs', () => {
    assert.ok(matches('pages/[id]', 'pages/[id]/data.json'));
    assert.ok(matches('a (1)', 'a (1)/data.json'));
  });

  it('does not reach into packages and version control unless it names them', () => {
    for (const folder of ['node_modules', 'deep/node_modules/pack', '.git']) {
      assert.ok(!enters('**/*.html', folder), folder);
    }
    assert.ok(enters('**/*.html', 'build/deep'));
    assert.ok(enters('node_modules/pack/**', 'node_modules/pack/dist'));
    assert.ok(enters('node_modules/pack', 'node_modules/pack'));
    assert.ok(enters('packages/*/node_modules/pack/*.js', 'packages/a/node_modules/pack'));
  });

  it('with an exclamation mark excludes files, even loaded ones', () => {
    const { trees, excludes } = watchedGlobs(['views', '!views/tmp', '!**/*.log'], root);
    assert.equal(trees.length, 1);
    assert.deepEqual(
      ['views/a.html', 'views/tmp/a.html', 'a.log', 'logs/a.log'].map((file) => excludes(at(file))),
      [false, true, true, true],
    );
  });
});
