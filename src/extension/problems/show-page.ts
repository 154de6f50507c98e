/** Shows a page of the documentation that comes with the extension. */
import * as vscode from 'vscode';
import { EXTENSION } from '../names.ts';

/** @param section the heading to scroll to, as in a link */
export async function showPage(page: string, section: string): Promise<void> {
  const extension = vscode.extensions.getExtension(EXTENSION);
  if (extension === undefined) return;
  const file = vscode.Uri.joinPath(extension.extensionUri, 'docs', `${page}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', file.with({ fragment: section }));
}
