import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeFrame } from '../../../src/engine/diagnostics/code-frame.ts';
import {
  frameLocation,
  headerLocation,
  importLocation,
  missingFile,
  missingModule,
} from '../../../src/engine/diagnostics/source-location.ts';

/** As Node 20 and 24 print them. */
const COMMONJS_SYNTAX = `/app/lib.js:2
const b = ;
          ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1464:18)
    at Module._compile (node:internal/modules/cjs/loader:1495:20)`;
const MODULE_SYNTAX = `file:///app/with%20space/lib.mjs:3
let 5 = 2;
    ^

SyntaxError: Unexpected number
    at compileSourceTextModule (node:internal/modules/esm/utils:346:16)`;
const THROWN = `TypeError: Cannot read properties of null (reading 'x')
    at helper (/app/node_modules/pack/index.js:7:3)
    at f (/app/lib.js:2:8)
    at Object.<anonymous> (/app/lib.js:4:1)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)`;
const ASYNC = `Error: no
    at async file:///app/main.mjs:10:5`;
const WINDOWS = `Error: no
    at Object.<anonymous> (C:\\app\\lib.js:4:1)`;

describe('the location of an error', () => {
  it('is the one that Node writes above a syntax error', () => {
    assert.deepEqual(headerLocation(COMMONJS_SYNTAX), { file: '/app/lib.js', line: 2, column: 11 });
    assert.deepEqual(headerLocation(MODULE_SYNTAX), { file: '/app/with space/lib.mjs', line: 3, column: 5 });
    assert.deepEqual(headerLocation(`some output\n${COMMONJS_SYNTAX}`)?.line, 2);
  });

  it('is the innermost call in files outside packages', () => {
    assert.deepEqual(frameLocation(THROWN), { file: '/app/lib.js', line: 2, column: 8 });
    assert.deepEqual(frameLocation(ASYNC), { file: '/app/main.mjs', line: 10, column: 5 });
    assert.deepEqual(frameLocation(WINDOWS), { file: 'C:\\app\\lib.js', line: 4, column: 1 });
  });

  it('is not invented', () => {
    for (const text of ['', 'Error: no', 'at noon: 12:30:10', THROWN.split('\n')[0]!]) {
      assert.equal(headerLocation(text), undefined);
      assert.equal(frameLocation(text), undefined);
    }
    assert.equal(frameLocation('Error\n    at node:internal/modules/cjs/loader:1:2'), undefined);
  });
});

describe('a missing module', () => {
  const required = "Cannot find module './nowhere'\nRequire stack:\n- /app/lib.js\n- /app/main.js";
  const imported = "Cannot find module '/app/nowhere.mjs' imported from /app/main.mjs";
  const wanted = "Cannot find package 'pack' imported from /app/main.mjs";

  it('is reported with the file that imports it', () => {
    assert.deepEqual(missingModule(required), { name: './nowhere', importer: '/app/lib.js' });
    assert.deepEqual(missingModule(imported), { name: '/app/nowhere.mjs', importer: '/app/main.mjs' });
    assert.equal(missingModule('Cannot find the way'), undefined);
  });

  it('is a file that may be created, unless it is a package', () => {
    assert.equal(missingFile(required), '/app/nowhere');
    assert.equal(missingFile(imported), '/app/nowhere.mjs');
    assert.equal(missingFile(wanted), undefined);
  });

  it('is found in the source that names it', () => {
    const source = '// nowhere\n\nimport x from "./deep/nowhere.mjs";\n';
    assert.deepEqual(importLocation(source, './deep/nowhere.mjs'), { line: 3, column: 16 });
    assert.deepEqual(importLocation(source, '/app/deep/nowhere.mjs'), { line: 3, column: 23 });
    assert.equal(importLocation(source, 'other'), undefined);
  });
});

describe('the lines around a location', () => {
  const source = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`).join('\n');

  it('are numbered, and the location is marked', () => {
    assert.equal(
      codeFrame(source, { file: '', line: 10, column: 3 }),
      [
        ...['   7 | line 7', '   8 | line 8', '   9 | line 9'],
        ...['> 10 | line 10', '     |   ^', '  11 | line 11', '  12 | line 12'],
      ].join('\n'),
    );
  });

  it('end where the file ends, and keep tabs before the mark', () => {
    assert.equal(
      codeFrame('\tx = ;', { file: '', line: 1, column: 6 }),
      ['> 1 | \tx = ;', '    | \t    ^'].join('\n'),
    );
  });
});
