import * as vscode from 'vscode';

/** The workspace's folders on a disk; nothing can be run in others. */
export function diskFolders(): vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}
