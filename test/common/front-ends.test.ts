/** Scripts as commands, and the table of front ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { onlyFrontEnd, parseManifest } from '../../src/common/front-end-of.ts';
import { FRONT_ENDS } from '../../src/common/front-ends.ts';
import { commandsOf } from '../../src/common/script-commands.ts';

describe('the commands of a script', () => {
  const SCRIPTS = {
    web: 'vite',
    css: 'sass -w a',
    'dev:a': 'a x',
    'dev:b': 'b',
    again: 'npm run again',
    start: 'c',
  };
  const TABLE: Array<[script: string, commands: string[]]> = [
    ['vite', ['vite']],
    ['a && b || c; d & e', ['a', 'b', 'c', 'd', 'e']],
    ['a "b && c"', ['a b && c']],
    ['A=1 B="x y" vite dev', ['vite dev']],
    ['cross-env A=1 vite', ['vite']],
    ['npx --yes vite', ['vite']],
    ['pnpm exec vite', ['vite']],
    ['npm run web', ['vite']],
    ['npm start', ['c']],
    ['yarn web', ['vite']],
    ['pnpm run web --host', ['vite']],
    ['run-p web css', ['vite', 'sass -w a']],
    ['run-p dev:*', ['a x', 'b']],
    ['concurrently -k "npm:dev:*" "vite --host"', ['a x', 'b', 'vite --host']],
    ['npm run again', []],
    ['npm run web -w other', ['npm run web -w other']],
    ['cd client && npm start', ['cd client', 'npm start']],
    ['node --max-old-space-size=9 ./node_modules/.bin/next dev', ['next dev']],
    ['', []],
  ];
  for (const [script, commands] of TABLE) {
    it(`"${script}" are ${JSON.stringify(commands)}`, () => {
      assert.deepEqual(
        commandsOf(script, SCRIPTS).map((words) => words.join(' ')),
        commands,
      );
    });
  }

  it('are found in any text, even if scripts call each other', () => {
    const word = fc.constantFrom(
      'npm run',
      'a',
      'b',
      '"',
      "'",
      '&&',
      'run-p',
      'concurrently',
      '*',
      '-w',
      '\\',
      'A=1',
      'npx',
      '--',
    );
    const script = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(script, script, script, (start, a, b) => {
        for (const words of commandsOf(start, { a, b })) assert.ok(words.length > 0);
      }),
    );
  });
});

describe('the table of front ends', () => {
  it('has each tool once, and each command and package of one tool only', () => {
    for (const list of [
      FRONT_ENDS.map(({ name }) => name),
      FRONT_ENDS.flatMap(({ commands }) => commands),
      FRONT_ENDS.flatMap(({ packages }) => packages),
    ]) {
      assert.deepEqual(
        list.filter((one, at) => list.indexOf(one) !== at),
        [],
      );
    }
  });

  it('answers for any package.json', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const manifest = parseManifest(text);
        if (manifest !== undefined) onlyFrontEnd(manifest);
      }),
    );
    assert.equal(parseManifest('{'), undefined);
    assert.equal(parseManifest('[]'), undefined);
  });

  const only = (json: object): string | undefined => onlyFrontEnd(parseManifest(JSON.stringify(json))!)?.name;

  it('says of a project at a glance whether it is a front end alone', () => {
    assert.equal(only({ scripts: { dev: 'vite', build: 'vite build' } }), 'Vite');
    assert.equal(only({ scripts: { dev: 'vite', serve: 'serve -s dist' } }), 'Vite');
    assert.equal(only({ scripts: { dev: 'vite', start: 'node server.js' } }), undefined);
    assert.equal(only({ dependencies: { next: '16' } }), 'Next.js');
    assert.equal(only({ dependencies: { next: '16', express: '5' } }), undefined);
    assert.equal(only({}), undefined);
  });
});
