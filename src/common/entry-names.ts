/** Where an app's file is looked for when none is named. */

/** Endings of what Node runs, in the order in which they are preferred: the first three need nothing further. */
export const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const;
export const GUESSED_NAMES = ['server', 'app', 'index', 'main'] as const;
export const GUESSED_FOLDERS = ['.', 'src'] as const;
