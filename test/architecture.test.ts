/** The rules of docs/architecture.md that a test can check in the sources. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const files = fs
  .readdirSync('src', { recursive: true })
  .map((name) => path.posix.join('src', String(name).replaceAll('\\', '/')))
  .filter((name) => name.endsWith('.ts'));

/**
 * `import … from`, `export … from`, `import 'x'`, `import('x')` and `import type`: each makes a file depend on another.
 */
const IMPORT = /\b(?:from|import)\s*\(?\s*'([^']+)'/g;

const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const found = [...fs.readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1]!);
  return found.map((name) => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name));
}

const isOurs = (name: string): boolean => name.startsWith('src/');

function offenders(folder: string, allowed: (imported: string, file: string) => boolean): string[] {
  return files
    .filter((file) => file.startsWith(folder))
    .flatMap((file) =>
      imports
        .get(file)!
        .filter((name) => !allowed(name, file))
        .map((name) => `${file} → ${name}`),
    );
}

/** The room of a file below a folder: the folder in it, or the file's own name if there is none. */
function roomOf(file: string, folder: string): string {
  return file.slice(folder.length).split('/')[0]!.replace(/\.ts$/, '');
}

/** Imports against the order of rooms; rooms in one entry are beside each other and must not import each other. */
function upward(folder: string, levels: readonly string[][]): string[] {
  const levelOf = (file: string): number => levels.findIndex((rooms) => rooms.includes(roomOf(file, folder)));
  const strangers = files.filter((file) => file.startsWith(folder) && levelOf(file) < 0);
  const arrows = offenders(
    folder,
    (name, file) =>
      !name.startsWith(folder) ||
      roomOf(name, folder) === roomOf(file, folder) ||
      levelOf(name) > levelOf(file),
  );
  return [...strangers.map((file) => `${file} is in no room`), ...arrows];
}

/** Groups of files that import each other, directly or through others: Tarjan's strongly connected components. */
function circles(within: (file: string) => boolean): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of imports.get(file)!) {
      if (!imports.has(next) || !within(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || imports.get(file)!.includes(file)) found.push(group.sort());
  };
  for (const file of files) if (within(file) && !index.has(file)) visit(file);
  return found;
}

/** All files that these files import, directly or through others. */
function reachable(entries: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const name of imports.get(file) ?? []) if (isOurs(name)) visit(name);
  };
  for (const entry of entries) visit(entry);
  return reached;
}

/** `a.b = …`, `a.b.c += …`, `a.b++`, where `a.b` is no field of the object itself, nor of one that is made right here. */
const WRITE =
  /(?<![\w.#])([A-Za-z_]\w*(?:[!?]?\.#?\w+|\[[^\]]*\])*)[!?]?\.#?\w+\s*(?:(?:[-+*/%|&^]|\*\*|\?\?|\|\||&&|<<|>>)?=(?![=>])|\+\+|--)/g;

function foreignWrites(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const made = new Set([...text.matchAll(/\bconst (\w+)(?:: [\w.]+)? = \{/g)].map((match) => match[1]!));
  return [...text.matchAll(WRITE)]
    .filter(([, target]) => target !== 'this' && !made.has(target!))
    .map(([write]) => `${file}: ${write.replace(/\s*[^\w.\]]*$/, '')}`);
}

const isExtension = (file: string): boolean => file.startsWith('src/extension');

describe('the rooms', () => {
  it('exist', () => {
    assert.ok(files.length > 50);
    const missing = files.flatMap((file) =>
      imports
        .get(file)!
        .filter((name) => isOurs(name) && !fs.existsSync(name))
        .map((name) => `${file} → ${name}`),
    );
    assert.deepEqual(missing, [], 'every import is read as what it is');
  });

  it('of the product share only the protocol between extension and engine', () => {
    const allowed: Record<string, readonly string[]> = {
      protocol: [],
      wire: ['protocol'],
      common: ['protocol'],
      engine: ['common', 'wire', 'protocol'],
      races: ['engine', 'common', 'wire', 'protocol'],
      cli: ['races', 'engine', 'common', 'protocol'],
      extension: ['common', 'protocol'],
    };
    const found = offenders('src/', (name, file) => {
      const [from, to] = [roomOf(file, 'src/'), roomOf(name, 'src/')];
      return !isOurs(name) || from === to || allowed[from]!.includes(to);
    });
    assert.deepEqual(found, []);
  });

  it('of the engine import only rooms below them', () => {
    const levels = [
      ['server'],
      ['running-server'],
      ['commands', 'served-app'],
      ['supervision'],
      ['reload'],
      ['http'],
      ['app', 'scheduling'],
      ['workers', 'diagnostics'],
      ['process', 'requests'],
    ];
    assert.deepEqual(upward('src/engine/', levels), []);
  });

  it('of the race finder import only rooms below them', () => {
    const levels = [
      ['find-races'],
      ['search'],
      ['script-of', 'report'],
      ['trials', 'schedules', 'outcomes'],
      ['scenario'],
      ['report-types'],
      ['types'],
    ];
    assert.deepEqual(upward('src/races/', levels), []);
  });

  it('of the extension import only rooms below them', () => {
    const levels = [
      ['activation'],
      ['actions'],
      ['problems'],
      ['views'],
      ['server'],
      ['settings', 'workspace'],
      ['names'],
    ];
    assert.deepEqual(upward('src/extension/', levels), []);
  });

  it('have no import circle', () =>
    assert.deepEqual(
      circles((file) => !isExtension(file)),
      [],
    ));

  it('have no import circle in the extension', () => assert.deepEqual(circles(isExtension), []));
});

describe('the architecture', () => {
  it('lets only the extension import the editor, but not its model', () => {
    assert.deepEqual(
      offenders('src/', (name, file) => name !== 'vscode' || isExtension(file)),
      [],
    );
    const pure =
      /-model\.ts$|\/(folder-server|labels|leftovers|live-update|names|next-ports|server-\w+|start-config|tree-diff)\.ts$/;
    assert.deepEqual(
      offenders('src/extension/', (name, file) => name !== 'vscode' || !pure.test(file)),
      [],
    );
  });

  it('lets few files start processes', () => {
    const places = [
      /^src\/engine\/(process|workers|diagnostics)\//,
      /^src\/races\/trials\/reset-command\.ts$/,
      /^src\/cli\/(open-browser|keyboard|output\/own-stdout)\.ts$/,
      /^src\/extension\/server\/(server-process|leftovers)\.ts$/,
    ];
    const allowed = (name: string, file: string) =>
      name !== 'node:child_process' || places.some((place) => place.test(file));
    assert.deepEqual(offenders('src/', allowed), []);
  });

  it("builds no file of the server's half into workers", () => {
    const { scripts } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const built = `${scripts['build:workers']} ${scripts['build:fetch']}`;
    const entries = built.match(/src\/engine\/workers\/\S+\.ts/g) ?? [];
    assert.ok(entries.length >= 5, 'the entries stand in package.json');
    const half = [
      /^src\/(wire|protocol|common)\//,
      /^src\/engine\/workers\/exit-grace\.ts$/,
      /^src\/engine\/workers\/node\/(inside|races)\//,
      /^src\/engine\/workers\/node\/(thread|fork)\/(?!runner\.ts$)/,
    ];
    const others = [...reachable(entries)].filter((file) => !half.some((part) => part.test(file)));
    assert.deepEqual(others, []);
  });

  it('builds nothing of the race finder into ordinary workers', () => {
    const entries = ['thread', 'fork'].map((mode) => `src/engine/workers/node/${mode}/worker.ts`);
    assert.deepEqual(
      [...reachable(entries)].filter((file) => /\/races\//.test(file)),
      [],
    );
  });

  it('lets objects write only their own fields, in requests and workers', () => {
    const rooms = /^src\/engine\/(supervision|scheduling|requests|http)\//;
    const found = files.filter((file) => rooms.test(file)).flatMap((file) => foreignWrites(file));
    // Node has no public way to get a connection that it has not started to read.
    assert.deepEqual(found, ['src/engine/http/listen/accept.ts: listening.onconnection']);
  });

  it('is described by documents that name existing tests', () => {
    for (const name of fs.readdirSync('docs').filter((file) => file.endsWith('.md'))) {
      const text = fs.readFileSync(`docs/${name}`, 'utf8');
      for (const [file] of text.matchAll(/test\/[\w/-]+\.test\.ts/g))
        assert.ok(fs.existsSync(file), `${name}: ${file}`);
    }
  });

  it("does no synchronous file work on the front's loop", () => {
    // Workers' halves have their own event loop. The others run before the address is bound, or open no file.
    const apart =
      /^src\/engine\/workers\/node\/((inside|races)\/|thread\/own-descriptors\.ts|fork\/(worker|watchdog)\.ts)/;
    const early = [
      'src/engine/process/orphans/port-owner.ts',
      'src/engine/process/os/descriptors.ts',
      'src/engine/app/python-interpreter.ts',
      'src/engine/app/script/project.ts',
      'src/engine/app/script/runner-preload.ts',
      'src/engine/app/script/start.ts',
    ];
    const found = files
      .filter((file) => /^src\/(engine|common|protocol|wire)\//.test(file) && !apart.test(file))
      .filter((file) => /\b\w+Sync\(/.test(fs.readFileSync(file, 'utf8')));
    assert.deepEqual(
      found.filter((file) => !early.includes(file)),
      [],
    );
  });
});

describe('the unit tests', () => {
  it('change clocks and methods inside a suite, because their files share a process', () => {
    const offending = fs
      .readdirSync('test', { recursive: true })
      .map((name) => path.posix.join('test', String(name).replaceAll('\\', '/')))
      .filter((name) => /^test\/(common|engine|extension|protocol|races|wire)\/.*\.test\.ts$/.test(name))
      .filter((name) => {
        const text = fs.readFileSync(name, 'utf8');
        return /(?<![\w.])mock\.\w/.test(text) && /^(before|after)(Each)?\(/m.test(text);
      });
    assert.deepEqual(offending, []);
  });
});
