/** Whether the app's own source reads the variable PORT, so that one of its servers will ask for that port. */
import fs from 'node:fs';

/** Larger files are generated ones, such as bundles. Those have hundreds of packages in them. */
const MAX_BYTES = 256 * 1024;

/** `env.PORT`, `env['PORT']`, `env.get('PORT')`, `env("PORT")`; `{ PORT } = process.env`. */
const READS_PORT = /\benv\??\W{1,3}(?:get\W{1,3})?PORT\b|\{[^{}]*\bPORT\b[^{}]*\}\s*=\s*(?:\w+\.)*env\b/;

/** @param file absolute path of a module that was loaded, or was looked for in vain */
export function readsPort(file: string): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return false;
  try {
    const { size } = fs.statSync(file);
    return size <= MAX_BYTES && READS_PORT.test(fs.readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}
