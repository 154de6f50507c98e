/** The folder of VS Code's server. Installs it if necessary. */
export function installVscode(): string;
/** The Chromium of this machine. Installs it if possible. */
export function findChromium(): string;
