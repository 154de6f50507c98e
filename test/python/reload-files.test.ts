/** Which changes of a Python app count as a save: its modules, and the templates and data that it has read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { MODES } from '../../src/protocol/config.ts';
import { ask } from '../contract/http-client.ts';
import { Project } from '../contract/project.ts';
import { type Cli, type CliOptions, startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';

const wsgi = (body: string, before = ''): string => `${before}
def app(environ, start_response):
    ${body}
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text.encode()]
`;

const FLASK = `
import flask, json
from jinja2 import Environment, FileSystemLoader
app = flask.Flask(__name__)
data = json.load(open("data.json"))
kept = Environment(loader=FileSystemLoader("pages"), auto_reload=False)

@app.route("/")
def page():
    own = kept.get_template("page.html").render()
    return f"{flask.render_template('page.html')} {own} {data} {app.debug}"

@app.route("/count")
def count():
    with open("count.txt", "w") as file:
        file.write("written by the app")
    return open("count.txt").read()

if __name__ == "__main__":
    app.run(debug=True)
`;

for (const mode of MODES) {
  describe(`with ${mode} workers`, { concurrency: 1 }, () => {
    const run = (app: Project, entry: string, options: CliOptions = {}): Cli => {
      const words = [entry, '--mode', mode, '--workers', '1', '--python', testPython(), '--cwd', app.folder];
      return startCli(words, options);
    };
    const accepts = (cli: Cli): Promise<unknown> =>
      cli.waitFor((event) => event.type === 'worker' && event.state === 'idle', {
        what: 'a worker that accepts',
      });

    async function saved(cli: Cli, save: () => void): Promise<string> {
      const from = cli.events.length;
      save();
      const what = 'a reload that is done';
      await cli.waitFor((event) => event.type === 'reload' && event.state === 'done', { from, what });
      return (await ask(cli.url)).text;
    }

    it('a save while the app loads is not lost', async () => {
      const slow =
        'import os, time\nopen("loading", "w").close()\nwhile not os.path.exists("go"): time.sleep(0.01)\n';
      const app = new Project({ 'app.py': wsgi('text = "one"', 'import slow'), 'slow.py': slow });
      const cli = run(app, 'app.py');
      await cli.ready;
      await appears(app.file('loading'));
      const from = cli.events.length;
      app.save('app.py', wsgi('text = "two"', 'import slow'));
      await cli.waitFor((event) => event.type === 'reload' && event.state === 'started', {
        from,
        what: 'a reload',
      });
      app.save('go', '');
      await accepts(cli);
      assert.equal((await ask(cli.url)).text, 'two');
      await cli.stop();
    });

    it('a module that an open request imported counts before that request is over', async () => {
      const body = `
    import os, time
    from texts import text
    if environ["PATH_INFO"] == "/slow":
        open("under way", "w").close()
        while not os.path.exists("go"): time.sleep(0.01)`.trim();
      const app = new Project({ 'app.py': wsgi(body), 'texts.py': 'text = "one"\n' });
      const cli = run(app, 'app.py');
      await cli.ready;
      await accepts(cli);
      const slow = ask(`${cli.url}/slow`);
      await appears(app.file('under way'));
      assert.equal(await saved(cli, () => app.save('texts.py', 'text = "two"\n')), 'two');
      app.save('go', '');
      assert.equal((await slow).text, 'one');
      await cli.stop();
    });

    it('templates and data of a Flask app count, with the time that they had; files that it writes do not', async () => {
      const app = new Project({
        'app.py': FLASK,
        'templates/page.html': 'one',
        'pages/page.html': 'one',
        'data.json': '"one"',
      });
      const cli = run(app, 'app.py');
      await cli.ready;
      await accepts(cli);
      assert.equal((await ask(cli.url)).text, 'one one one True');
      assert.equal((await ask(`${cli.url}/count`)).text, 'written by the app');
      const keepingTime = (name: string, text: string): void =>
        app.save(name, text, (file, written) => {
          const { atime, mtime } = fs.statSync(file);
          fs.writeFileSync(file, written);
          fs.utimesSync(file, atime, mtime);
        });
      const template = await saved(cli, () => keepingTime('templates/page.html', 'two'));
      assert.equal(template, 'two one one True');
      assert.equal(await saved(cli, () => keepingTime('pages/page.html', 'two')), 'two two one True');
      assert.equal(await saved(cli, () => keepingTime('data.json', '"two"')), 'two two two True');
      assert.equal(cli.ofType('reload').filter(({ state }) => state === 'done').length, 3);
      await cli.stop();
    });

    it('a Flask app is in debug mode, like under `flask run --debug`, unless its environment says otherwise', async () => {
      const text =
        'import flask\napp = flask.Flask(__name__)\nDEBUG = app.debug\napp.route("/")(lambda: str(DEBUG))\n';
      const app = new Project({ 'app.py': text });
      for (const [env, debug] of [
        [{}, 'True'],
        [{ FLASK_DEBUG: '0' }, 'False'],
      ] as const) {
        const cli = run(app, 'app.py', { env });
        await cli.ready;
        await accepts(cli);
        assert.equal((await ask(cli.url)).text, debug);
        await cli.stop();
      }
    });

    for (const entry of ['a:b/app.py', 'a:b/app.py:app', 'a.py:b/app.py']) {
      it(`a path with a colon is a path: ${entry}`, async () => {
        const file = path.join(entry.replace(/:app$/, ''));
        const app = new Project({ [file]: wsgi('text = "one"') });
        const cli = run(app, entry);
        await cli.ready;
        await accepts(cli);
        assert.equal((await ask(cli.url)).text, 'one');
        assert.equal(await saved(cli, () => app.save(file, wsgi('text = "two"'))), 'two');
        await cli.stop();
      });
    }

    it('files that a static file server sends do not count', async () => {
      const text = `
import flask
app = flask.Flask(__name__)
app.route("/")(lambda: flask.send_from_directory("static", "style.css"))
`;
      const app = new Project({ 'app.py': text, 'static/style.css': 'one' });
      const cli = run(app, 'app.py');
      await cli.ready;
      await accepts(cli);
      assert.equal((await ask(cli.url)).text, 'one');
      app.save('static/style.css', 'two');
      assert.equal((await ask(cli.url)).text, 'two');
      await saved(cli, () => app.save('app.py', `${text}\n`));
      assert.deepEqual(cli.ofType('reload').at(-1)?.files, [app.file('app.py')]);
      await cli.stop();
    });
  });
}

/** Resolves once the app has made the file. */
async function appears(file: string): Promise<void> {
  while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
}
