/** Whether a folder has something that looks like a Node app; finding which file it is is the engine's. */
import * as vscode from 'vscode';
import { ENDINGS, GUESSED_FOLDERS, GUESSED_NAMES } from '../common/entry-names.ts';
import { diskFolders } from './disk-folders.ts';
import { CONTEXT, SECTION } from './names.ts';

const NAMES = new Set([
  'package.json',
  ...GUESSED_NAMES.flatMap((name) => ENDINGS.map((ending) => name + ending)),
]);

export class Runnable implements vscode.Disposable {
  #onChange: (canRun: boolean) => void;
  #watchers: vscode.FileSystemWatcher[] = [];
  #subscription: vscode.Disposable;
  #looking = 0;

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
    this.#watchers = diskFolders().map((folder) => {
      const files = `{,src/}{package.json,${GUESSED_NAMES.map((name) => `${name}.*`).join(',')}}`;
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, files),
        false,
        true,
        false,
      );
      watcher.onDidCreate(() => void this.#look());
      watcher.onDidDelete(() => void this.#look());
      return watcher;
    });
    void this.#look();
  }

  async #look(): Promise<void> {
    const turn = ++this.#looking;
    const found = await Promise.all(diskFolders().map((folder) => canRun(folder)));
    if (turn !== this.#looking) return;
    const any = found.includes(true);
    await vscode.commands.executeCommand('setContext', CONTEXT.canRun, any);
    this.#onChange(any);
  }
}

async function canRun(folder: vscode.WorkspaceFolder): Promise<boolean> {
  if (vscode.workspace.getConfiguration(SECTION, folder).get<string>('entry')) return true;
  for (const part of GUESSED_FOLDERS) {
    const uri = vscode.Uri.joinPath(folder.uri, part);
    const entries = await vscode.workspace.fs.readDirectory(uri).then(undefined, () => []);
    if (entries.some(([name]) => NAMES.has(name))) return true;
  }
  return false;
}
