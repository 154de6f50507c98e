/**
 * Keys for the commands that tests run most: to open, fill and search the palette costs more than what it runs. Each
 * command is found in the palette by the tests that are about it.
 */

interface Keyed {
  command: string;
  args?: unknown;
}

/** What leaves a window as it was, but for the server. */
export const CLEAR = 'Clear the window';

const KEYED: Record<string, Keyed> = {
  [CLEAR]: {
    command: 'runCommands',
    args: {
      commands: [
        'workbench.action.closePanel',
        'notifications.clearAll',
        'workbench.action.closeAllEditors',
        // The last, because it may wait for a terminal that is held open.
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

/** As playwright names the key of a command, by its title; undefined where it has none. */
export function keyOf(title: string): string | undefined {
  const at = Object.keys(KEYED).indexOf(title);
  return at === -1 ? undefined : `Control+Alt+Shift+F${at + 1}`;
}

/** Content of keybindings.json. */
export function keybindings(): object[] {
  return Object.values(KEYED).map((keyed, at) => ({ key: `ctrl+alt+shift+f${at + 1}`, ...keyed }));
}

/** For `terminal.integrated.commandsToSkipShell`: they run where a terminal has the focus as well. */
export function keyedCommands(): string[] {
  return Object.values(KEYED).map(({ command }) => command);
}
