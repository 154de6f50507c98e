/** Where VS Code comes in and goes out. */
import type { ExtensionContext } from 'vscode';
import { Activation } from './extension/activation.ts';

let app: Activation | undefined;

export function activate(context: ExtensionContext): void {
  app = new Activation(context);
}

/** VS Code waits for the promise, for 5 s at most. */
export function deactivate(): Promise<void> | undefined {
  return app?.stop();
}
