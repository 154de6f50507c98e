/** Which files of the project a process has open for writing, as Linux tells it. Native databases are seen only so. */
import fs from 'node:fs/promises';
import path from 'node:path';

/** O_WRONLY and O_RDWR, as in fdinfo's octal flags. */
const WRITING = 0o3;

/** @param folder absolute path; @returns absolute paths, none on other systems */
export async function filesOpenForWriting(pid: number, folder: string): Promise<string[]> {
  const descriptors = await fs.readdir(`/proc/${pid}/fd`).catch(() => []);
  const found = await Promise.all(descriptors.map((fd) => writtenBy(pid, fd)));
  const below = folder.endsWith(path.sep) ? folder : folder + path.sep;
  const files = [...new Set(found)].filter((file) => file !== undefined);
  return files.filter((file) => file.startsWith(below) && !/[\\/]node_modules[\\/]/.test(file));
}

async function writtenBy(pid: number, fd: string): Promise<string | undefined> {
  try {
    const file = await fs.readlink(`/proc/${pid}/fd/${fd}`);
    if (!path.isAbsolute(file) || !(await fs.stat(file)).isFile()) return undefined;
    const info = await fs.readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
    const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8);
    return (flags & WRITING) === 0 ? undefined : file;
  } catch {
    // It was closed meanwhile.
    return undefined;
  }
}
