import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Project } from '../../../../src/engine/app/script/plan.ts';
import { readNamedScript } from '../../../../src/engine/app/script/read-script.ts';
import { quoteWords, readShell } from '../../../../src/engine/app/script/shell-words.ts';

const nothing = () => undefined;

/** Texts that look like scripts more often than any text does. */
const SCRIPT = fc
  .array(
    fc.constantFrom(
      ...[
        'node',
        'tsx',
        'watch',
        'npm',
        'run',
        'dev',
        'npx',
        'nodemon',
        '-x',
        '--exec',
        'concurrently',
        'a.js',
        '-r',
      ],
      ...[
        '"',
        "'",
        '\\',
        '$',
        '${A',
        '}',
        '&&',
        '|',
        '&',
        '>',
        '2>&1',
        '--',
        '-',
        '',
        'A=1',
        'cross-env',
        'dotenv',
      ],
      ...[
        'nest',
        'start',
        '--env-file',
        'run-p',
        'dev:*',
        '-e',
        'cd',
        'env-cmd',
        '-f',
        'ts-node',
        '-P',
        ';',
        '\n',
        '(',
      ],
    ),
    { maxLength: 12 },
  )
  .map((words) => words.join(' '));

describe('a script', () => {
  it('of any text is read without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(SCRIPT, fc.string()), fc.oneof(SCRIPT, fc.string()), (dev, other) => {
        const project: Project = {
          folder: '/app',
          scripts: { dev, start: other, 'dev:a': other },
          main: undefined,
          variables: nothing,
          json: () => ({ exec: other, watch: 3, projects: [other], compilerOptions: other }),
          command: () => undefined,
          has: () => true,
          at: () => project,
        };
        const { plan, why } = readNamedScript('dev', project);
        assert.ok(plan !== undefined || typeof why === 'string');
      }),
      { numRuns: 2000 },
    );
  });

  it('has the words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
        const read = readShell(quoteWords(words), nothing);
        assert.ok('commands' in read);
        assert.deepEqual(
          read.commands.map((command) => command.words),
          [words],
        );
      }),
    );
  });

  it('names redirections, and what joins its commands', () => {
    const read = readShell('a 2>/dev/null >>log x &> y && b|c;d & e', nothing);
    assert.deepEqual(read, {
      commands: [
        { words: ['a', 'x'], joint: '&&', redirections: ['2> /dev/null', '>> log', '&> y'] },
        { words: ['b'], joint: '|', redirections: [] },
        { words: ['c'], joint: ';', redirections: [] },
        { words: ['d'], joint: '&', redirections: [] },
        { words: ['e'], joint: undefined, redirections: [] },
      ],
    });
  });
});
