import assert from 'node:assert/strict';
import { it } from 'node:test';
import { typescriptHint } from '../../../src/engine/diagnostics/typescript-hint.ts';

const HINTS: Array<[what: string, message: string, stack: string, hint: RegExp | undefined]> = [
  ['TypeScript on an older Node', 'Unknown file extension ".ts" for /a/b.ts', '', /npm i -D tsx/],
  ['JSX', 'Unknown file extension ".tsx" for /a/b.tsx', '', /npm i -D tsx/],
  ['enums', 'TypeScript enum is not supported in strip-only mode', '', /npm i -D tsx/],
  ['decorators', 'Invalid or unexpected token', 'file:///a/b.ts:4\n@Module({})\n^\n', /npm i -D ts-node/],
  [
    'imports without extension',
    "Cannot find module '/a/app.module' imported from /a/main.ts",
    '',
    /npm i -D tsx/,
  ],
  ['required ones', "Cannot find module './b'\nRequire stack:\n- /a/main.ts", '', /npm i -D tsx/],
  ['a missing package', "Cannot find package 'x' imported from /a/main.ts", '', undefined],
  ['a missing package, required', "Cannot find module 'x'\nRequire stack:\n- /a/main.ts", '', undefined],
  ['a missing file of JavaScript', "Cannot find module '/a/b.js' imported from /a/main.js", '', undefined],
  ['a style sheet', 'Unknown file extension ".css" for /a/b.css', '', undefined],
  ['an error of syntax', 'Invalid or unexpected token', 'file:///a/b.js:4\nlet # = 3\n^\n', undefined],
];

for (const [what, message, stack, hint] of HINTS) {
  it(`${what}: ${hint === undefined ? 'no hint' : hint.source}`, () => {
    const found = typescriptHint(message, stack);
    if (hint === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', hint);
  });
}
