/** Whether a folder seems to contain an app. Which file that is, the engine finds out. */
import path from 'node:path';
import * as vscode from 'vscode';
import {
  BUILT_SERVERS,
  ENDINGS,
  GUESSED_FOLDERS,
  GUESSED_NAMES,
  isPackageName,
  MANAGE,
  PYTHON_FOLDERS,
  PYTHON_NAMES,
} from '../../common/entry-names.ts';
import { onlyFrontEnd, parseManifest } from '../../common/front-end-of.ts';
import { pythonApp } from '../../common/python-source.ts';
import { CONTEXT, SECTION } from '../names.ts';
import { diskFolders } from './folders.ts';

/** Python files with other names that are read at most. */
const MAX_OTHERS = 30;

const NODE_FILES = new Set([
  'package.json',
  ...GUESSED_NAMES.flatMap((name) => ENDINGS.map((ending) => name + ending)),
]);

const NAMES = [...GUESSED_NAMES, ...PYTHON_NAMES, '__init__'].join(',');
/** The files that may make or unmake an app. VS Code's globs take braces in braces only once. */
const PATTERNS = ['*.py', `{,*/}{package.json,${MANAGE},{${NAMES}}.*}`];

export class AppDetector implements vscode.Disposable {
  #onChange: (canRun: boolean) => void;
  #watchers: vscode.FileSystemWatcher[] = [];
  #subscription: vscode.Disposable;
  #scans = 0;

  constructor(onChange: (canRun: boolean) => void) {
    this.#onChange = onChange;
    this.#subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => this.#watch());
    this.#watch();
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const watcher of this.#watchers) watcher.dispose();
  }

  #watch(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = diskFolders().flatMap((folder) =>
      PATTERNS.map((files) => this.#watchFiles(folder, files)),
    );
    void this.#scan();
  }

  #watchFiles(folder: vscode.WorkspaceFolder, files: string): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, files));
    const scan = (): void => void this.#scan();
    watcher.onDidCreate(scan);
    // Whether a Python file is an app depends on its content.
    watcher.onDidChange(scan);
    watcher.onDidDelete(scan);
    return watcher;
  }

  async #scan(): Promise<void> {
    const scan = ++this.#scans;
    const found = await Promise.all(diskFolders().map((folder) => canRun(folder)));
    // A later scan has newer results.
    if (scan !== this.#scans) return;
    const any = found.includes(true);
    await vscode.commands.executeCommand('setContext', CONTEXT.canRun, any);
    this.#onChange(any);
  }
}

async function canRun(folder: vscode.WorkspaceFolder): Promise<boolean> {
  if (vscode.workspace.getConfiguration(SECTION, folder).get<string>('entry')) return true;
  if (await isFrontEnd(folder.uri)) return looksLikePython(folder.uri);
  for (const part of GUESSED_FOLDERS) {
    if ((await entriesIn(folder.uri, part)).some(([name]) => NODE_FILES.has(name))) return true;
  }
  return looksLikePython(folder.uri);
}

/** Whether a folder has only a front end, which its own tool serves, and no build of a server. */
async function isFrontEnd(folder: vscode.Uri): Promise<boolean> {
  const manifest = parseManifest((await textOf(folder, 'package.json')) ?? '');
  if (manifest === undefined || onlyFrontEnd(manifest) === undefined) return false;
  if (manifest.json.workspaces !== undefined) return false;
  for (const [file, maker] of BUILT_SERVERS) {
    const made = maker === undefined || manifest.packages.has(maker);
    if (made && (await textOf(folder, file)) !== undefined) return false;
  }
  return true;
}

/** Whether a folder seems to contain a Python app. */
export async function looksLikePython(folder: vscode.Uri): Promise<boolean> {
  const entries = await entriesIn(folder, '.');
  if (entries.some(([name]) => name === MANAGE || name === '.flaskenv')) return true;
  for (const part of PYTHON_FOLDERS) if (await definesOne(folder, part, PYTHON_NAMES)) return true;
  const others = entries.map(([name]) => path.parse(name)).filter(({ ext }) => ext === '.py');
  if (
    await definesOne(
      folder,
      '.',
      others.slice(0, MAX_OTHERS).map(({ name }) => name),
      false,
    )
  )
    return true;
  for (const root of ['.', 'src']) {
    for (const [name, type] of root === '.' ? entries : await entriesIn(folder, root)) {
      const isPackage = (type & vscode.FileType.Directory) !== 0 && isPackageName(name);
      if (isPackage && (await definesOne(folder, `${root}/${name}`, ['__init__', ...PYTHON_NAMES])))
        return true;
    }
  }
  return false;
}

/** @param usual these are names that an app usually has */
async function definesOne(
  folder: vscode.Uri,
  part: string,
  names: readonly string[],
  usual = true,
): Promise<boolean> {
  const files = new Set((await entriesIn(folder, part)).map(([name]) => name));
  for (const file of names.map((name) => `${name}.py`).filter((name) => files.has(name))) {
    if (pythonApp((await textOf(folder, part, file)) ?? '', { usual }) !== undefined) return true;
  }
  return false;
}

async function textOf(folder: vscode.Uri, ...parts: string[]): Promise<string | undefined> {
  const read = vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, ...parts));
  const bytes = await read.then(undefined, () => undefined);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

function entriesIn(folder: vscode.Uri, part: string): Thenable<Array<[string, vscode.FileType]>> {
  return vscode.workspace.fs
    .readDirectory(vscode.Uri.joinPath(folder, part))
    .then(undefined, (): Array<[string, vscode.FileType]> => []);
}
