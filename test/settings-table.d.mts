/** The README's text with the table of settings as the manifest has it. */
export function withSettings(readme: string): string;
