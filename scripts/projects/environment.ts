/** Which Node runs a project, and the variables that its commands see. */
import fs from 'node:fs';
import path from 'node:path';
import type { Project } from './project.ts';

const onPath = (process.env.PATH ?? '')
  .split(path.delimiter)
  .filter((folder) => !folder.includes('node_modules'));

/** The machine's own Node, or the one that package.json pins. */
export function nodeOf(project: Project): string {
  if (project.node === 'pinned') return path.resolve('node_modules', 'node', 'bin', 'node');
  const found = onPath.map((folder) => path.join(folder, 'node')).find((file) => fs.existsSync(file));
  return found ?? process.execPath;
}

/** The variables of a person's terminal in the project's folder, and those of `more`. */
export function environment(
  project: Project,
  folder: string,
  more: Record<string, string> = {},
): NodeJS.ProcessEnv {
  // npm's variables describe our own package. Node 20 reads extra certificates at each start, in 0.1 s.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_|^(INIT_CWD|NODE|NODE_EXTRA_CA_CERTS|CI|FORCE_COLOR)$/.test(name),
  );
  const bins = [path.join(folder, 'node_modules', '.bin'), path.dirname(nodeOf(project))];
  return {
    ...Object.fromEntries(own),
    NO_COLOR: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    STRAPI_TELEMETRY_DISABLED: 'true',
    ...project.env,
    ...more,
    PATH: [...bins, ...onPath].join(path.delimiter),
  };
}
