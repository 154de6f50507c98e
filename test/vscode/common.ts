/** One VS Code with one window for the tests of this process: starting either takes longer than most tests. */
import { after } from 'node:test';
import { startVscode, type VscodeHost } from './host.ts';
import { SharedWindow } from './shared-window.ts';
import type { SmallExtension } from './small-extension.ts';

/** An extension that provides virtual folders, `nowhere:/…` with a server.js, as one for remote repositories does. */
const NOWHERE: SmallExtension = {
  name: 'nowhere',
  publisher: 'tests',
  main: `
const { EventEmitter, FileType, workspace } = require('vscode');
const stat = (type) => ({ type, ctime: 0, mtime: 0, size: 0 });
exports.activate = () => workspace.registerFileSystemProvider('nowhere', {
  onDidChangeFile: new EventEmitter().event,
  watch: () => ({ dispose() {} }),
  stat: ({ path }) => stat(path.endsWith('.js') ? FileType.File : FileType.Directory),
  readDirectory: () => [['server.js', FileType.File]],
  readFile: () => new TextEncoder().encode("throw new Error('run');"),
}, { isReadonly: true });
`,
};

/** The used part of the Python extension, which is not available everywhere. A setting names its interpreter. */
const PYTHON: SmallExtension = {
  name: 'python',
  publisher: 'ms-python',
  contributes: { configuration: { properties: { 'python.defaultInterpreterPath': { type: 'string' } } } },
  main: `const { workspace } = require('vscode');
exports.activate = () => ({ environments: { getActiveEnvironmentPath(folder) {
  const path = workspace.getConfiguration('python', folder).get('defaultInterpreterPath');
  return path ? { id: path, path } : { id: 'DEFAULT_PYTHON', path: 'python' };
} } });`,
};

let host: Promise<VscodeHost> | undefined;

export function commonHost(): Promise<VscodeHost> {
  host ??= startVscode({ extensions: [NOWHERE, PYTHON] });
  return host;
}

export const shared = new SharedWindow(commonHost);

after(async () => {
  await shared.close();
  await (await host)?.close();
});
