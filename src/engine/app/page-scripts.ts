/** Files that a folder's page loads: they run in a browser, whatever they are called. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileAt } from './entry-files.ts';
import { hasSign } from './server-signs.ts';

/** Absolute paths. A file that also looks like a server is none of them. */
export async function pageScripts(folder: string): Promise<Set<string>> {
  const files = new Set<string>();
  for (const part of ['.', 'src', 'public']) {
    const page = await readFile(path.join(folder, part, 'index.html'), 'utf8').catch(() => '');
    for (const [, src] of page.matchAll(/<script\b[^>]*?\bsrc\s*=\s*["']?([^"'>\s]+)/gi)) {
      const file = await localFile(folder, part, src!);
      if (file !== undefined && !hasSign(await readFile(file, 'utf8').catch(() => ''))) files.add(file);
    }
  }
  return files;
}

/** A page asks for `/app.js` where static files are, before anything else. */
async function localFile(folder: string, part: string, src: string): Promise<string | undefined> {
  if (/^(?:[a-z][\w+.-]*:|\/\/)/i.test(src)) return undefined;
  const name = src.replace(/[?#].*$/, '').replace(/^\/+/, '');
  const bases = part === 'public' ? ['public'] : ['public', part, '.'];
  for (const base of bases) {
    const file = await fileAt(path.resolve(folder, base, name));
    if (file !== undefined) return file;
  }
  return undefined;
}
