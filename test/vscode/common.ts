/** One host, and one window in it, for all tests of this process that need no other: both cost more than most tests. */
import { after } from 'node:test';
import { startVscode, type VscodeHost } from './host.ts';
import { SharedWindow } from './shared-window.ts';
import type { SmallExtension } from './small-extension.ts';

/** Shows folders that are on no disk, `nowhere:/…` with a server.js, as an extension for a repository would. */
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

/** What is used of the Python extension, which can't be downloaded everywhere: it names the interpreter of a setting. */
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
