/** The interpreter that is selected in the Python extension, if that is installed. */
import * as vscode from 'vscode';

const ID = 'ms-python.python';
/** Its id for the interpreter on the PATH, if the user has selected none. */
const NOT_CHOSEN = 'DEFAULT_PYTHON';

/** The part of its API that is used: https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs */
interface PythonApi {
  environments: { getActiveEnvironmentPath(resource: vscode.Uri): { id: string; path: string } };
}

/** Path of a program or of an environment's folder; undefined if none is selected, so that the server finds one. */
export async function chosenInterpreter(folder: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<Partial<PythonApi> | undefined>(ID);
  if (extension === undefined) return undefined;
  try {
    const active = (await extension.activate())?.environments?.getActiveEnvironmentPath(folder);
    return active === undefined || active.id === NOT_CHOSEN ? undefined : active.path;
  } catch {
    // Another version of the extension may have another API.
    return undefined;
  }
}
