/** Folder of VS Code's server, installed where it was not. */
export function installVscode(): string;
/** A Chromium of this machine, installed where that is possible. */
export function findChromium(): string;
