/** The entry point for VS Code. */
import type { ExtensionContext } from 'vscode';
import { Activation } from './extension/activation.ts';

let activation: Activation | undefined;

export function activate(context: ExtensionContext): void {
  activation = new Activation(context);
}

/** VS Code waits 5 s for the promise. */
export function deactivate(): Promise<void> | undefined {
  return activation?.stop();
}
