/** Servers beside a front end, which scripts of other names run: `server`, `dev:api`. */
import { SCRIPT_NAMES } from '../../common/front-end-of.ts';
import { fileNamed } from './package-json.ts';
import { projectIn } from './script/project.ts';
import { readNamedScript } from './script/read-script.ts';
import { serversAmong } from './server-signs.ts';

const NAME = /(?:^|[:_-])(?:server|api|backend|express|be)(?:$|[:_-])/;

/** Absolute paths, each once. */
export async function scriptServers(folder: string): Promise<string[]> {
  const project = projectIn(folder);
  if (project === undefined) return [];
  const files: string[] = [];
  for (const name of Object.keys(project.scripts)) {
    if (!NAME.test(name) || SCRIPT_NAMES.some((known) => known === name)) continue;
    const { plan } = readNamedScript(name, project);
    const file = plan === undefined ? undefined : await fileNamed(plan.folder, plan.program.file);
    if (file !== undefined) files.push(file);
  }
  return serversAmong([...new Set(files)]);
}
