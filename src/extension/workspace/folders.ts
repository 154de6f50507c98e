import * as vscode from 'vscode';

/** The workspace's folders on a disk. An app can run only in these. */
export function diskFolders(): vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}
