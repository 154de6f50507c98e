/** The rules of docs/architecture.md that a glance at the imports can check. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const files = fs
  .readdirSync('src', { recursive: true })
  .map((name) => path.posix.join('src', String(name).replaceAll('\\', '/')))
  .filter((name) => name.endsWith('.ts'));

function importsOf(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8');
  const found = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!);
  return found.map((name) => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name));
}

function offenders(folder: string, allowed: (imported: string, file: string) => boolean): string[] {
  return files
    .filter((file) => file.startsWith(folder))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => !allowed(name, file))
        .map((name) => `${file} → ${name}`),
    );
}

describe('the architecture', () => {
  it('has source files to look at', () => assert.ok(files.length > 50));

  it('lets protocol import nothing of ours', () => {
    assert.deepEqual(
      offenders('src/protocol/', (name) => !name.startsWith('src/') || name.startsWith('src/protocol/')),
      [],
    );
  });

  it('keeps the engine free of the command line and the editor', () => {
    const allowed = (name: string) => name !== 'vscode' && !/^src\/(cli|host|extension)/.test(name);
    assert.deepEqual(offenders('src/engine/', allowed), []);
  });

  it('lets common import nothing but the protocol', () => {
    const allowed = (name: string) => !name.startsWith('src/') || /^src\/(common|protocol)\//.test(name);
    assert.deepEqual(offenders('src/common/', allowed), []);
  });

  it('lets the host speak to the engine through the protocol alone', () => {
    const allowed = (name: string) => !name.startsWith('src/') || /^src\/(common|protocol|host)\//.test(name);
    assert.deepEqual(offenders('src/host/', allowed), []);
  });

  it('lets nothing but the host import the editor, and of it no model', () => {
    const allowed = (name: string, file: string) =>
      name !== 'vscode' || /^src\/(extension\.ts|host\/)/.test(file);
    assert.deepEqual(offenders('src/', allowed), []);
    const pure = /-model\.ts$|\/(server|server-process|words|names|drawn-tree|ledger-folder)\.ts$/;
    assert.deepEqual(
      offenders('src/host/', (name, file) => name !== 'vscode' || !pure.test(file)),
      [],
    );
  });

  it('lets processes be started in few places only', () => {
    const places =
      /^src\/(engine\/process|engine\/workers|cli\/(opener|keys|own-stdout)\.ts|host\/(server-process|leftovers)\.ts)/;
    const allowed = (name: string, file: string) => name !== 'node:child_process' || places.test(file);
    assert.deepEqual(offenders('src/', allowed), []);
  });

  it("keeps a worker's half to the protocol and its neighbours", () => {
    const half = /^src\/engine\/workers\/(node\/|\w+\/worker\.ts)/;
    const allowed = (name: string, file: string) =>
      !half.test(file) || !name.startsWith('src/') || /^src\/(protocol|engine\/workers)\//.test(name);
    assert.deepEqual(offenders('src/engine/workers/', allowed), []);
  });

  it('is described by documents that name tests which exist', () => {
    for (const name of fs.readdirSync('docs').filter((file) => file.endsWith('.md'))) {
      const text = fs.readFileSync(`docs/${name}`, 'utf8');
      for (const [file] of text.matchAll(/test\/[\w/-]+\.test\.ts/g))
        assert.ok(fs.existsSync(file), `${name}: ${file}`);
    }
  });

  it("does no synchronous file work on the front's loop", () => {
    // Workers' halves have a loop of their own. The others run before the address is bound, or open no file.
    const apart = /^src\/engine\/workers\/(node\/|thread\/own-descriptors|fork\/(worker|watchdog))/;
    const early = [
      'src/engine/process/orphans/port-owner.ts',
      'src/engine/process/os/descriptors.ts',
      'src/engine/app/python-interpreter.ts',
    ];
    const found = files
      .filter((file) => /^src\/(engine|common|protocol)\//.test(file) && !apart.test(file))
      .filter((file) => /\b\w+Sync\(/.test(fs.readFileSync(file, 'utf8')));
    assert.deepEqual(
      found.filter((file) => !early.includes(file)),
      [],
    );
  });
});
