/**
 * Keys for the commands that tests run most: opening and searching the palette takes longer than the command. Tests of
 * a command run it from the palette.
 */

interface Keyed {
  command: string;
  args?: unknown;
}

/** Resets the window, except for the server. */
export const CLEAR = 'Clear the window';

const KEYED: Record<string, Keyed> = {
  [CLEAR]: {
    command: 'runCommands',
    args: {
      commands: [
        'workbench.action.closePanel',
        'notifications.clearAll',
        'workbench.action.closeAllEditors',
        // This is last because it may wait for a terminal.
        'workbench.action.terminal.killAll',
      ],
    },
  },
  'Run Concurrent Server': { command: 'concurrentServer.run' },
  'Concurrent Server: Stop': { command: 'concurrentServer.stop' },
  'Concurrent Server: Restart': { command: 'concurrentServer.restart' },
  'Concurrent Server: Switch Mode (Thread/Fork)': { command: 'concurrentServer.switchMode' },
  'Concurrent Server: Show Log': { command: 'concurrentServer.showLog' },
  'Notifications: Clear All Notifications': { command: 'notifications.clearAll' },
  'Problems: Focus on Problems View': { command: 'workbench.panel.markers.view.focus' },
};

/** The key of a command in Playwright's notation, by the command's title; undefined if it has none. */
export function keyOf(title: string): string | undefined {
  const at = Object.keys(KEYED).indexOf(title);
  return at === -1 ? undefined : `Control+Alt+Shift+F${at + 1}`;
}

/** Content of keybindings.json. */
export function keybindings(): object[] {
  return Object.values(KEYED).map((keyed, at) => ({ key: `ctrl+alt+shift+f${at + 1}`, ...keyed }));
}

/** For `terminal.integrated.commandsToSkipShell`: they also run while a terminal has the focus. */
export function keyedCommands(): string[] {
  return Object.values(KEYED).map(({ command }) => command);
}
