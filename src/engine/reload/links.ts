/** Symbolic links on the way to a file. A new target of a link changes the code that an app loads, but no file. */
import { readlink } from 'node:fs/promises';
import path from 'node:path';

interface Way {
  /** The real path, as far as it exists. */
  real: string;
  /** The links on the way, as absolute paths in real folders. */
  links: readonly string[];
}

/** As many as Linux follows (path_resolution(7)); a link that leads to itself ends there. */
const MAX_LINKS = 40;

/** Reads each link only once, so its answers become outdated: make a new one for each series of questions. */
export class Links {
  #targets = new Map<string, Promise<string | undefined>>();

  /** @param start absolute path; it need not exist */
  async way(start: string): Promise<Way> {
    const links: string[] = [];
    let { root: real } = path.parse(start);
    let rest = namesIn(start);
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      const entry = path.join(real, name);
      const target = links.length < MAX_LINKS ? await this.#target(entry) : undefined;
      if (target === undefined) {
        real = entry;
        continue;
      }
      links.push(entry);
      const aim = path.resolve(real, target);
      real = path.parse(aim).root;
      rest = [...namesIn(aim), ...rest];
    }
    return { real, links };
  }

  #target(entry: string): Promise<string | undefined> {
    let target = this.#targets.get(entry);
    if (target === undefined) {
      target = readlink(entry).catch(() => undefined);
      this.#targets.set(entry, target);
    }
    return target;
  }
}

function namesIn(absolute: string): string[] {
  return absolute
    .slice(path.parse(absolute).root.length)
    .split(path.sep)
    .filter((name) => name !== '');
}
