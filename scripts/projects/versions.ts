/** Which versions a project has. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, folderOf } from './cache.ts';
import { nodeOf } from './environment.ts';
import type { Project } from './project.ts';

/** By name: of the packages that the project names, and of its Node or Python. */
export function versionsOf(project: Project): Record<string, string> {
  const isPython = project.get.some((step) => 'debian' in step);
  const runtime = isPython ? python() : { Node: output(nodeOf(project), '--version').replace('v', '') };
  const packages = project.versions.map((name) => [
    name,
    isPython ? pythonVersion(name) : npmVersion(project, name),
  ]);
  return { ...Object.fromEntries(packages), ...runtime };
}

function npmVersion(project: Project, name: string): string {
  for (const folder of [appFolder(project), folderOf(project)]) {
    const files = [path.join('node_modules', name, 'package.json'), 'package.json'];
    for (const file of files) {
      try {
        const manifest = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
        if (manifest.name === name) return String(manifest.version);
      } catch {
        // Not here.
      }
    }
  }
  return '?';
}

function pythonVersion(name: string): string {
  const code = `import importlib.metadata as m; print(m.version('${name}'))`;
  return output('/usr/bin/python3', '-c', code) || '?';
}

function python(): Record<string, string> {
  return { Python: output('/usr/bin/python3', '--version').replace('Python ', '') };
}

function output(command: string, ...args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}
