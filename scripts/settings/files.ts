/** The files that are written from the table of settings, in whole or in part. */
import { withSettings as withProperties, withWords } from './manifest.ts';
import { withFields, withOptions, withSettings } from './pages.ts';

/** Each file with what makes its text from the text it has. */
export const SETTINGS_FILES: Readonly<Record<string, (text: string) => string>> = {
  'package.json': withProperties,
  'package.nls.json': withWords,
  'docs/cli.md': withOptions,
  'docs/settings.md': withSettings,
  'docs/protocol.md': withFields,
};
