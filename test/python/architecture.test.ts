/** The rules for the Python half that its imports show. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { testPython } from '../support/python.ts';

const FOLDER = path.join('python', 'concurrent_server');
const PACKAGE = 'concurrent_server';
/** The imports that each room may have within the package; the other modules are the process and may import all. */
const ROOMS: Record<string, readonly string[]> = {
  wire: ['wire'],
  app: ['wire', 'app', 'failure'],
  wsgi: ['wire', 'wsgi', 'output'],
  asgi: ['wire', 'app', 'asgi', 'output', 'lifecycle', 'terminal', 'watchdog'],
};
/** Additional packages, which the user's environment has if the app needs them. */
const OPTIONAL = ['django', 'uvicorn', 'werkzeug'];

describe('the Python half', () => {
  const imports = JSON.parse(
    execFileSync(testPython(), ['test/python/imports.py', FOLDER], { encoding: 'utf8' }),
  ) as Record<string, string[]>;
  const edges = Object.entries(imports).flatMap(([module, names]) =>
    names.map((name) => [module, name] as const),
  );

  it('has modules to look at', () => assert.ok(Object.keys(imports).length > 20));

  it('has no import circle, not even through an import in a function', () => {
    assert.deepEqual(circleIn(imports), undefined);
  });

  it('imports in one direction: wire, app, wsgi and asgi, then the process', () => {
    const wrong = edges.filter(([module, name]) => {
      const allowed = ROOMS[roomOf(module)];
      return allowed !== undefined && name.startsWith(PACKAGE) && !allowed.includes(roomOf(name));
    });
    assert.deepEqual(wrong, []);
  });

  it("needs only the standard library and the app's framework", (test) => {
    const names = new Set(edges.map(([, name]) => name.split('.')[0]!));
    const code = 'import sys, json; print(json.dumps(sorted(getattr(sys, "stdlib_module_names", ()))))';
    const standard = JSON.parse(execFileSync(testPython(), ['-c', code], { encoding: 'utf8' })) as string[];
    if (standard.length === 0) return test.skip('Python 3.9 has no list of its standard library');
    const known = new Set([...standard, ...OPTIONAL, PACKAGE]);
    assert.deepEqual(
      [...names].filter((name) => !known.has(name)),
      [],
    );
  });

  it('has no file over 250 lines', () => {
    const long = fs
      .readdirSync(FOLDER, { recursive: true })
      .map((name) => path.join(FOLDER, String(name)))
      .filter((name) => name.endsWith('.py') && fs.readFileSync(name, 'utf8').split('\n').length > 251);
    assert.deepEqual(long, []);
  });
});

function roomOf(module: string): string {
  return module.split('.')[1] ?? '';
}

/** Modules that import each other in a circle, in order; undefined if there is none. */
function circleIn(imports: Record<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (module: string, above: string[]): string[] | undefined => {
    if (above.includes(module)) return [...above.slice(above.indexOf(module)), module];
    if (done.has(module)) return undefined;
    for (const name of imports[module] ?? []) {
      const circle = visit(name, [...above, module]);
      if (circle !== undefined) return circle;
    }
    done.add(module);
    return undefined;
  };
  for (const module of Object.keys(imports)) {
    const circle = visit(module, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
