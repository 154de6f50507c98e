/** Opens a place in the source, from a button or from a link on an error page. */
import * as vscode from 'vscode';
import type { SourceLocation } from '../../protocol/messages.ts';
import { parseOpenPath } from '../server/error-model.ts';

/** From the column to the end of the line; without a column the whole line. */
export function rangeOf({ line, column }: SourceLocation): vscode.Range {
  return new vscode.Range(line - 1, (column ?? 1) - 1, line - 1, Number.MAX_SAFE_INTEGER);
}

/** Opens the file with the cursor at the location. */
export async function openLocation(location: SourceLocation): Promise<void> {
  const { start } = rangeOf(location);
  const selection = new vscode.Range(start, start);
  await vscode.window.showTextDocument(vscode.Uri.file(location.file), { selection });
}

/** Handles links to this extension. Any web page can hold one, so only files of this window's folders are opened. */
export function handleOpenLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path }) => {
      const location = parseOpenPath(path);
      if (location === undefined) return;
      if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(location.file)) === undefined) return;
      await openLocation(location);
    },
  });
}
