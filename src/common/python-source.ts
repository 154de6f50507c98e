/** Tells from the text of a Python module whether it is an app. Pure: nothing is imported or run. */

/** How a module is an app: it has one, it makes one, or it runs itself. */
export type PythonAppKind = 'app' | 'factory' | 'runs';

const NAMES = 'app|application|api';
const FACTORIES = 'create_app|make_app|create_application';
/** Calls that are assigned to an `app` that speaks no HTTP. */
const OTHER_APPS =
  '(?:\\w+\\.)*(?:Typer|Celery|QApplication|QCoreApplication|QGuiApplication|Tk|Gtk|App\\.get_running_app|ArgumentParser|Client|Bot)\\s*\\(';
/** Classes of frameworks: one object is the app, whatever its name is. */
const FRAMEWORKS =
  '(?:\\w+\\.)*(?:Flask|FastAPI|Starlette|Quart|Bottle|Litestar|Sanic|Dash)\\s*\\(|falcon\\.(?:asgi\\.)?(?:App|API)\\s*\\(';

const ASSIGNED = new RegExp(`^(?:${NAMES})\\s*(?::[^=\\n]+)?=(?!=)(?!\\s*${OTHER_APPS})`, 'm');
const FUNCTION = /^(?:async\s+)?def\s+(?:app|application)\s*\(/m;
const FACTORY = new RegExp(`^(?:async\\s+)?def\\s+(?:${FACTORIES})\\s*\\(`, 'm');
const OBJECT = new RegExp(`^\\w+\\s*(?::[^=\\n]+)?=(?!=)\\s*(?:${FRAMEWORKS})`, 'm');
const IMPORTED = new RegExp(
  `^from\\s+[\\w.]+\\s+import\\s[^\\n]*\\b(?:${NAMES}|${FACTORIES})\\b(?!\\s+as\\s+(?!${NAMES}))`,
  'm',
);
/** What an app or its server is imported from. */
const PACKAGES =
  /^\s*(?:from|import)\s+(?:flask|quart|bottle|falcon|pyramid|fastapi|starlette|litestar|sanic|uvicorn|hypercorn|waitress|werkzeug|wsgiref|http\.server|http\s+import\s+server|gunicorn|cheroot|cherrypy|aiohttp|tornado|dash|web)\b/m;
/** A call by which an app runs itself; see python/concurrent_server/app/servers.py. */
const RUNS =
  /(?:^|[^\w.]|\)\.)(?!(?:asyncio|subprocess|unittest|trio|anyio|runpy|cProfile|pytest)\.)(?:\w+(?:\(\))?\.)*(?:run|serve|serve_forever|run_simple|run_app|run_task|quickstart|handle_request)\s*\(/m;

/** Whether the source of a Python module with a usual name defines an app. */
export function definesPythonApp(source: string): boolean {
  return pythonApp(source) !== undefined;
}

/**
 * @param certain the module's name tells that it is an app: `wsgi` or `asgi`
 * @param usual the module has a usual name of an app: a variable of a usual name in it is the app
 */
export function pythonApp(source: string, { usual = true, certain = false } = {}): PythonAppKind | undefined {
  const text = withoutTexts(source);
  if (OBJECT.test(text)) return 'app';
  const known = usual || PACKAGES.test(text);
  if (known && (ASSIGNED.test(text) || FUNCTION.test(text))) return 'app';
  if (known && FACTORY.test(text)) return 'factory';
  if (PACKAGES.test(text) && RUNS.test(text)) return 'runs';
  // A file such as run.py gets its app from the package and runs it.
  if (IMPORTED.test(text) && (certain || RUNS.test(text))) return 'runs';
  return undefined;
}

/** Modules that a source imports, as dotted names; those of `from . import x` start with a dot. */
export function pythonImports(source: string): string[] {
  const found: string[] = [];
  for (const [, from, names] of withoutTexts(source).matchAll(
    /^\s*(?:from\s+([\w.]+)\s+import\s|import\s+([\w., ]+))/gm,
  )) {
    if (from !== undefined) found.push(from);
    else found.push(...names!.split(',').map((name) => name.trim().split(/\s/)[0]!));
  }
  return found;
}

const LITERALS = /#[^\n]*|("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*\2?/g;

/** The source with comments and the content of strings as spaces, each line where it was. */
function withoutTexts(source: string): string {
  return source
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(LITERALS, (text) => text.replace(/[^\n]/g, ' '));
}
