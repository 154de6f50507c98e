/** The interpreter that is chosen in the Python extension, where that is installed; nothing here needs it. */
import * as vscode from 'vscode';

const ID = 'ms-python.python';
/** What it calls the interpreter on the PATH as long as nobody has chosen one. */
const NOT_CHOSEN = 'DEFAULT_PYTHON';

/** The part of its API that is used: https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs */
interface PythonApi {
  environments: { getActiveEnvironmentPath(resource: vscode.Uri): { id: string; path: string } };
}

/** Path of a program or an environment's folder; undefined where the server is to look for itself. */
export async function chosenInterpreter(folder: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<Partial<PythonApi> | undefined>(ID);
  if (extension === undefined) return undefined;
  try {
    const active = (await extension.activate())?.environments?.getActiveEnvironmentPath(folder);
    return active === undefined || active.id === NOT_CHOSEN ? undefined : active.path;
  } catch {
    // It is somebody else's, and may be of any version.
    return undefined;
  }
}
