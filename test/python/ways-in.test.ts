/** Apps that run themselves, as their tutorials have them: `run()`, `serve_forever()` and the like are the way in. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ask } from '../contract/http-client.ts';
import { startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';

const made: string[] = [];
after(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ways-in-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A Python that has these packages: the tests' own, or Debian's. */
function pythonWith(packages: readonly string[]): string | undefined {
  const has = (python: string): boolean =>
    spawnSync(python, ['-c', packages.map((name) => `import ${name}`).join(';')]).status === 0;
  return [testPython(), '/usr/bin/python3'].find((python) => has(python));
}

interface App {
  name: string;
  needs: string[];
  files: Record<string, string>;
  entry?: string;
  /** What `/` answers. */
  text?: string;
}

const WSGI = `def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'served']
`;

const APPS: App[] = [
  {
    name: 'wsgiref, made under the guard',
    needs: [],
    files: {
      'hello.py': `from wsgiref.simple_server import make_server\ndef build():\n${WSGI.replace(/^/gm, '    ')}\n    return app\nif __name__ == '__main__':\n    with make_server('', 6543, build()) as httpd:\n        httpd.serve_forever()\n`,
    },
  },
  {
    name: 'wsgiref, in the middle of a module',
    needs: [],
    files: {
      'app.py': `from wsgiref.simple_server import make_server\n${WSGI}\nmake_server('127.0.0.1', 6543, app).serve_forever()\n`,
    },
  },
  {
    name: 'wsgiref with threads, one request after the other',
    needs: [],
    files: {
      'serve.py': `from socketserver import ThreadingMixIn\nfrom wsgiref.simple_server import WSGIServer, make_server\nclass Server(ThreadingMixIn, WSGIServer):\n    pass\n${WSGI}\nserver = make_server('', 8000, app, server_class=Server)\nwhile True:\n    server.handle_request()\n`,
    },
  },
  {
    name: 'a handler of http.server',
    needs: [],
    files: {
      'server.py': `from http.server import BaseHTTPRequestHandler, HTTPServer\nclass Hello(BaseHTTPRequestHandler):\n    def do_GET(self):\n        self.send_response(200)\n        self.end_headers()\n        self.wfile.write(b'served')\nif __name__ == '__main__':\n    server = HTTPServer(('', 8000), Hello)\n    try:\n        server.serve_forever()\n    except KeyboardInterrupt:\n        pass\n    server.server_close()\n`,
    },
  },
  {
    name: 'a class as the app, and a server of its own in a thread before it',
    needs: [],
    files: {
      'prog.py': `import threading\nfrom wsgiref.simple_server import make_server\nclass App:\n    def __init__(self, environ, start):\n        self.start = start\n    def __iter__(self):\n        self.start('200 OK', [])\n        yield b'served'\ndef metrics(environ, start):\n    start('200 OK', [])\n    return [b'metrics']\nside = make_server('127.0.0.1', 0, metrics)\nthreading.Thread(target=side.serve_forever, daemon=True).start()\nmake_server('', 8000, App).serve_forever()\n`,
    },
  },
  {
    name: 'a file with the name of one of Python’s own modules',
    needs: ['flask'],
    files: {
      'site.py': `from flask import Flask\nweb = Flask('x')\n@web.get('/')\ndef index():\n    return 'served'\n`,
    },
  },
  {
    name: 'Flask’s app.run() at the end',
    needs: ['flask'],
    files: {
      'app.py': `from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef hello():\n    return 'served'\napp.run(debug=True)\n`,
    },
  },
  {
    name: 'a Flask app that prepares itself under the guard',
    needs: ['flask'],
    files: {
      'app.py': `from flask import Flask\napp = Flask(__name__)\nwords = []\n@app.route('/')\ndef hello():\n    return words[0]\nif __name__ == '__main__':\n    words.append('served')\n    app.run(port=80, use_reloader=True)\n`,
    },
  },
  {
    name: 'a module that imports itself in a view',
    needs: ['flask'],
    files: {
      'site_.py': `from flask import Flask\napp = Flask(__name__)\ntext = 'served'\n@app.route('/')\ndef hello():\n    from site_ import text\n    return text\napp.run()\n`,
    },
  },
  {
    name: 'Werkzeug’s run_simple with static files',
    needs: ['werkzeug'],
    files: {
      'shortly.py': `from werkzeug.serving import run_simple\ndef create():\n    def application(environ, start_response):\n        start_response('404 Not Found', [])\n        return [b'']\n    return application\nif __name__ == '__main__':\n    run_simple('127.0.0.1', 5000, create(), use_debugger=True, use_reloader=True, static_files={'/': __file__ + '.txt'})\n`,
      'shortly.py.txt': 'served',
    },
  },
  {
    name: 'waitress in a function',
    needs: ['waitress'],
    files: {
      'wsgi_app.py': WSGI,
      'main.py': `from waitress import serve\nimport wsgi_app\ndef main():\n    serve(wsgi_app.app, listen='*:8080')\nif __name__ == '__main__':\n    main()\n`,
    },
  },
  {
    name: 'uvicorn.run with the name of an app',
    needs: ['fastapi', 'uvicorn'],
    files: {
      'main.py': `import uvicorn\nfrom fastapi import FastAPI\nfrom fastapi.responses import PlainTextResponse\napi_ = FastAPI()\n@api_.get('/')\nasync def index():\n    return PlainTextResponse('served')\nif __name__ == '__main__':\n    uvicorn.run('main:api_', host='0.0.0.0', port=8000, reload=True, workers=2)\n`,
    },
  },
  {
    name: 'uvicorn.Server in an event loop',
    needs: ['uvicorn'],
    files: {
      'start.py': `import asyncio\nimport uvicorn\nasync def hello(scope, receive, send):\n    assert scope['type'] == 'http'\n    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'served'})\nasync def main():\n    await uvicorn.Server(uvicorn.Config(hello, port=5000, lifespan='off')).serve()\nif __name__ == '__main__':\n    asyncio.run(main())\n`,
    },
  },
  {
    name: 'a script of pyproject.toml',
    needs: ['uvicorn'],
    files: {
      'pyproject.toml': '[project.scripts]\nshop = "shop.cli:main"\n',
      'src/shop/__init__.py': '',
      'src/shop/web.py': `async def asgi(scope, receive, send):\n    assert scope['type'] == 'http'\n    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'served'})\n`,
      'src/shop/cli.py': `import uvicorn\ndef main():\n    uvicorn.run('shop.web:asgi')\n`,
    },
  },
  {
    name: 'Flask’s tutorial, by its package',
    needs: ['flask'],
    entry: 'flaskr',
    files: {
      'flaskr/__init__.py': `from flask import Flask\ndef create_app(test_config=None):\n    app = Flask(__name__)\n    from . import blog\n    app.register_blueprint(blog.bp)\n    return app\n`,
      'flaskr/blog.py': `from flask import Blueprint\nbp = Blueprint('blog', __name__)\n@bp.route('/')\ndef index():\n    return 'served'\n`,
    },
  },
  {
    name: 'a factory with arguments in .flaskenv',
    needs: ['flask'],
    files: {
      '.flaskenv': `FLASK_APP="shop:make('served', n=1)"\n`,
      'shop/__init__.py': `from flask import Flask\ndef make(text, n):\n    app = Flask(__name__)\n    app.get('/')(lambda: text * n)\n    return app\n`,
    },
  },
  {
    name: 'Bottle’s first example',
    needs: ['bottle'],
    files: {
      'hello.py': `from bottle import route, run\n@route('/')\ndef index():\n    return 'served'\nrun(host='localhost', port=8080, debug=True, reloader=True)\n`,
    },
  },
  {
    name: 'Bottle routes that nothing runs',
    needs: ['bottle'],
    entry: 'hello.py',
    files: { 'hello.py': `import bottle\n@bottle.get('/')\ndef index():\n    return 'served'\n` },
  },
  {
    name: 'Pyramid’s quickstart',
    needs: ['pyramid'],
    files: {
      'app.py': `from wsgiref.simple_server import make_server\nfrom pyramid.config import Configurator\nfrom pyramid.response import Response\ndef hello_world(request):\n    return Response('served')\nif __name__ == '__main__':\n    with Configurator() as config:\n        config.add_route('hello', '/')\n        config.add_view(hello_world, route_name='hello')\n        app = config.make_wsgi_app()\n    server = make_server('0.0.0.0', 6543, app)\n    server.serve_forever()\n`,
    },
  },
  {
    name: 'Falcon’s tutorial',
    needs: ['falcon'],
    files: {
      'look.py': `import falcon\nfrom wsgiref.simple_server import make_server\nclass Things:\n    def on_get(self, req, resp):\n        resp.text = 'served'\napplication = falcon.App()\napplication.add_route('/', Things())\nif __name__ == '__main__':\n    with make_server('', 8000, application) as httpd:\n        print('Serving on port 8000...')\n        httpd.serve_forever()\n`,
    },
  },
  {
    name: 'Quart’s quickstart',
    needs: ['quart', 'uvicorn'],
    files: {
      'hello.py': `from quart import Quart\ndef start():\n    app = Quart(__name__)\n    @app.route('/')\n    async def index():\n        return 'served'\n    app.run()\nif __name__ == '__main__':\n    start()\n`,
    },
  },
  {
    name: 'Hypercorn in an event loop',
    needs: ['quart', 'hypercorn', 'uvicorn'],
    files: {
      'hello.py': `import asyncio\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nfrom quart import Quart\nweb = Quart(__name__)\n@web.route('/')\nasync def index():\n    return 'served'\nif __name__ == '__main__':\n    asyncio.run(serve(web, Config()))\n`,
    },
  },
  {
    name: 'CherryPy’s tutorial',
    needs: ['cherrypy'],
    files: {
      'tut01.py': `import cherrypy\nclass HelloWorld:\n    @cherrypy.expose\n    def index(self):\n        return 'served'\nif __name__ == '__main__':\n    cherrypy.quickstart(HelloWorld())\n`,
    },
  },
];

describe('an app that runs itself', () => {
  for (const { name, needs, files, entry, text = 'served' } of APPS) {
    const python = pythonWith(needs);
    const skip = python === undefined && `${needs.join(', ')} not installed (Debian: python3-${needs[0]})`;
    for (const mode of ['thread', 'fork']) {
      it(`is served by ${mode} workers: ${name}`, { skip }, async () => {
        const cwd = folderOf(files);
        const named = entry === undefined ? [] : [entry];
        const cli = startCli([...named, '--python', python!, '--mode', mode], { cwd });
        await cli.ready;
        const answer = await ask(cli.url);
        assert.equal(answer.text, text, cli.stderr);
        assert.equal(answer.status, 200);
        await cli.stop();
      });
    }
  }
});

describe('a file with a block under the guard', () => {
  it('is run as __main__ if that block makes, prepares or configures the app', () => {
    const env = { ...process.env, PYTHONPATH: path.resolve('python'), PYTHONDONTWRITEBYTECODE: '1' };
    const file = path.resolve('test/python/main_guard.py');
    const { status, stderr } = spawnSync(testPython(), [file], { env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Ran [1-9]\d* tests in/m);
  });
});

describe('a handler of http.server', () => {
  it('gets the body and the fields of a request, and sends its answer as it comes', async () => {
    const source = `import threading\nfrom http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\ngate = threading.Event()\nclass Handler(BaseHTTPRequestHandler):\n    protocol_version = 'HTTP/1.1'\n    def do_POST(self):\n        body = self.rfile.read(int(self.headers['content-length']))\n        self.send_response(201, 'Made')\n        self.send_header('Set-Cookie', 'a=1')\n        self.send_header('Set-Cookie', 'b=2')\n        self.send_header('Transfer-Encoding', 'chunked')\n        self.end_headers()\n        for part in (body, self.headers['x-name'].encode(), self.path.encode(), b''):\n            self.wfile.write(b'%x\\r\\n%s\\r\\n' % (len(part), part))\n    def do_GET(self):\n        self.send_response(200)\n        self.end_headers()\n        self.wfile.write(b'one ')\n        gate.wait(10)\n        self.wfile.write(b'two')\n    def do_DELETE(self):\n        gate.set()\n        self.send_response(204)\n        self.end_headers()\nThreadingHTTPServer(('', 8000), Handler).serve_forever()\n`;
    const cli = startCli(['--python', testPython()], { cwd: folderOf({ 'server.py': source }) });
    await cli.ready;
    const made = await ask(`${cli.url}/a?b=%20`, {
      method: 'POST',
      body: 'body',
      headers: { 'x-name': '|x|' },
    });
    assert.deepEqual([made.status, made.text], [201, 'body|x|/a?b=%20']);
    assert.deepEqual(made.headers['set-cookie'], ['a=1', 'b=2']);
    const stream = await fetch(cli.url);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, 'one ');
    assert.equal((await ask(cli.url, { method: 'DELETE' })).status, 204);
    assert.equal((await reader.read()).value, 'two');
    await cli.stop();
  });
});

describe('a module that runs its app', () => {
  const PREPARED = (text: string): string =>
    `from flask import Flask\nif __name__ == '__main__':\n    app = Flask(__name__)\n    @app.get('/')\n    def index():\n        return '${text}'\n    try:\n        app.run()\n    finally:\n        open('ends.txt', 'a').write('end ')\n`;

  for (const mode of ['thread', 'fork']) {
    it(`is loaded again after a save, and cleans up at its end and not before (${mode})`, async () => {
      const cwd = folderOf({ 'app.py': PREPARED('old'), 'ends.txt': '' });
      const ends = (): string => fs.readFileSync(path.join(cwd, 'ends.txt'), 'utf8');
      const cli = startCli(['--python', testPython(), '--mode', mode], { cwd });
      await cli.ready;
      assert.equal((await ask(cli.url)).text, 'old');
      assert.equal(ends(), '');
      fs.writeFileSync(path.join(cwd, 'app.py'), PREPARED('new'));
      await cli.waitFor((event) => event.type === 'reload' && event.state === 'done');
      assert.equal((await ask(cli.url)).text, 'new');
      await cli.stop();
      // A fork of the app ends without the code that belongs to the process that loaded it.
      assert.equal(ends(), 'end end ');
    });
  }

  it('shows the line of an error in the block under the guard', async () => {
    const cwd = folderOf({
      'app.py': `from wsgiref.simple_server import make_server\nif __name__ == '__main__':\n    application = 1 / 0\n    make_server('', 80, application).serve_forever()\n`,
    });
    const cli = startCli(['--python', testPython()], { cwd });
    const { error } = await cli.waitForType('error');
    assert.deepEqual([error.message, error.details?.line], ['ZeroDivisionError: division by zero', 3]);
  });
});

describe('an app that can’t be served', () => {
  const reason = async (files: Record<string, string>, python: string): Promise<[string, unknown]> => {
    const cli = startCli(['--python', python], { cwd: folderOf(files) });
    const { error } = await cli.waitForType('error');
    return [error.message, error.details?.line];
  };

  it('is named with its line: a loop of its own', async () => {
    const [message, line] = await reason(
      {
        'app.py': `import socket\napp = None\nserver = socket.socket()\nserver.bind(('127.0.0.1', 0))\nserver.listen()\nwhile True:\n    client, address = server.accept()\n`,
      },
      testPython(),
    );
    assert.match(message, /^The app serves itself in a loop of its own/);
    assert.equal(line, 7);
  });

  it('is named with its line: an app in a thread, for which the main thread waits', async () => {
    const [message, line] = await reason(
      {
        'app.py': `import threading\nfrom flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    server = threading.Thread(target=lambda: app.run(port=0), daemon=True)\n    server.start()\n    server.join()\n`,
      },
      testPython(),
    );
    assert.match(message, /^The app is run in a thread/);
    assert.equal(line, 7);
  });

  const aiohttp = pythonWith(['aiohttp']);
  const skip = aiohttp === undefined && 'aiohttp is not installed (Debian: python3-aiohttp)';
  for (const [what, end, expected] of [
    ['runs', "if __name__ == '__main__':\n    web.run_app(app)\n", 4],
    ['has', '', undefined],
  ] as const) {
    it(`is named: a module that ${what} an app of aiohttp`, { skip }, async () => {
      const source = `from aiohttp import web\napp = web.Application()\n${end}`;
      const [message, line] = await reason({ 'main.py': source }, aiohttp!);
      assert.match(message, /^aiohttp apps .* neither WSGI nor ASGI/);
      assert.equal(line, expected);
    });
  }

  it('is named: a factory that needs arguments', async () => {
    const [message] = await reason({ 'app.py': 'def create_app(name):\n    return name\n' }, testPython());
    assert.match(message, /^create_app\(\) can't be called like this .*create_app\("dev"\)/);
  });
});

describe('Flask’s debug pages', () => {
  const APP = `import os\nfrom flask import Flask\nfrom werkzeug.serving import is_running_from_reloader\napp = Flask(__name__)\n@app.get('/')\ndef index():\n    answer = 41\n    return 1 / 0 if is_running_from_reloader() else 'no'\n`;
  const RUN = "if __name__ == '__main__':\n    app.run(debug=True, port=1)\n";

  for (const [what, source] of [
    ['as under flask run --debug', APP],
    ['as under app.run(debug=True)', APP + RUN],
  ] as const) {
    it(`have a console that the PIN of the output unlocks, ${what}`, async () => {
      const cwd = folderOf({ 'app.py': source });
      const cli = startCli(['--python', testPython()], { cwd });
      await cli.ready;
      const page = await ask(cli.url);
      assert.equal(page.status, 500);
      const secret = /SECRET = "(\w+)"/.exec(page.text)![1]!;
      const frame = [...page.text.matchAll(/id="frame-(\d+)"/g)].at(-1)![1]!;
      await cli.waitFor((event) => event.type === 'log' && event.text.includes('Debugger PIN'));
      const output = cli
        .ofType('log')
        .map(({ text }) => text)
        .join('');
      const pin = /PIN: ([\d-]+)/.exec(output)![1]!;
      const debug = `${cli.url}?__debugger__=yes&s=${secret}`;
      const unlocked = await ask(`${debug}&cmd=pinauth&pin=${pin}`);
      assert.match(unlocked.text, /"auth": true/);
      const cookie = String(unlocked.headers['set-cookie']).split(';')[0]!;
      const said = await ask(`${debug}&cmd=answer%2B1&frm=${frame}`, { headers: { cookie } });
      assert.match(said.text, />42</);
      await cli.stop();
    });
  }

  it('have no console in forks, which is said; and there are none without debug mode', async () => {
    const cwd = folderOf({ 'app.py': APP });
    const forks = startCli(['--python', testPython(), '--mode', 'fork'], { cwd });
    await forks.ready;
    assert.match((await ask(forks.url)).text, /EVALEX = false/);
    await forks.waitFor((event) => event.type === 'log' && event.text.includes('have no console'));
    await forks.stop();
    const plain = startCli(['--python', testPython()], { cwd, env: { FLASK_DEBUG: '0' } });
    await plain.ready;
    const { status, text } = await ask(plain.url);
    assert.deepEqual([status, text.includes('EVALEX')], [500, false]);
    await plain.stop();
  });
});
