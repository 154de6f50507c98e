/** Path of the bundle from the root. */
export const BUNDLE: string;
/** The bundle as it should be, from the source. */
export function bundleText(folder?: string): string;
