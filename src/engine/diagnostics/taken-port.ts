/** Whether a program says that it can't have a port. Pure. */

/** @param text the last lines of its output */
export function saysPortIsTaken(text: string, port: number): boolean {
  const words = [
    // Node: `listen EADDRINUSE: address already in use :::8000`; other runtimes name the address in front.
    `EADDRINUSE[^\\n]*[:\\s]${port}\\b`,
    `[:\\s]${port}\\b[^\\n]*address already in use`,
    `port:? ${port} (?:is |was )?(?:already |currently )?(?:in use|used|taken|occupied)`,
  ];
  return new RegExp(words.join('|'), 'i').test(text);
}
