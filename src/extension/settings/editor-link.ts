/** Links of error pages that open a file in this editor. */
import * as vscode from 'vscode';
import { EXTENSION } from '../names.ts';
import { openLocation } from '../problems/diagnostics.ts';
import { parseOpenPath } from '../server/error-model.ts';

/**
 * What a file's absolute path is appended to. In a remote window the editor's own links would mean a file of the
 * person's machine, and no extension is told which remote it is in; so there the links come to us.
 */
export function editorLink(): string {
  const { uriScheme, remoteName } = vscode.env;
  return remoteName === undefined ? `${uriScheme}://file` : `${uriScheme}://${EXTENSION}/open`;
}

/** Any page may hold such a link, so it opens what is in the folders of this window, and nothing else. */
export function handleOpenLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path }) => {
      const location = parseOpenPath(path);
      if (
        location === undefined ||
        vscode.workspace.getWorkspaceFolder(vscode.Uri.file(location.file)) === undefined
      )
        return;
      await openLocation(location);
    },
  });
}
