/** What is recognised as a Python app by its text alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { definesPythonApp, pythonApp, pythonImports } from '../../src/common/python-source.ts';

const other = { usual: false };

describe('a Python file of any name is an app', () => {
  const APPS: Array<[what: string, source: string, kind: string]> = [
    ['Flask', 'from flask import Flask\nhello = Flask(__name__)\n', 'app'],
    ['Flask by its package, with a type', 'import flask\nweb: flask.Flask = flask.Flask("x")\n', 'app'],
    ['FastAPI over several lines', 'import fastapi\nservice = fastapi.FastAPI(\n  title="x",\n)\n', 'app'],
    ['Falcon', 'import falcon\napplication = falcon.App()\n', 'app'],
    ['Falcon with ASGI', 'import falcon.asgi\nx = falcon.asgi.App()\n', 'app'],
    [
      'a WSGI function',
      'from wsgiref.util import FileWrapper\ndef application(environ, start_response):\n  pass\n',
      'app',
    ],
    [
      'a factory',
      'from flask import Flask\n\n\ndef create_app(test_config=None):\n    return Flask(__name__)\n',
      'factory',
    ],
    ['an async factory', 'import quart\nasync def create_app():\n    pass\n', 'factory'],
    ['Bottle, which runs itself', 'from bottle import route, run\n\nrun(host="localhost")\n', 'runs'],
    [
      'Pyramid, made under the guard',
      'from pyramid.config import Configurator\nif __name__ == "__main__":\n    with Configurator() as c:\n        app = c.make_wsgi_app()\n    make_server("", 1, app).serve_forever()\n',
      'runs',
    ],
    ['uvicorn.run', 'import uvicorn\nif __name__ == "__main__":\n    uvicorn.run("shop:app")\n', 'runs'],
    ['waitress', 'from waitress import serve\nfrom shop import app\nserve(app, port=1)\n', 'runs'],
    [
      'an app from its package',
      'from shop import create_app\napp = create_app()\nif __name__ == "__main__":\n    app.run()\n',
      'runs',
    ],
    [
      'Windows line ends and a byte order mark',
      '\uFEFFfrom flask import Flask\r\nsite = Flask(__name__)\r\n',
      'app',
    ],
  ];
  for (const [what, source, kind] of APPS)
    it(`with ${what}`, () => assert.equal(pythonApp(source, other), kind));
});

describe('a Python file is no app', () => {
  const OTHERS: Array<[what: string, source: string]> = [
    ['because it has one in a comment', '# app = Flask(__name__)\nprint(1)\n'],
    ['because it has one in a string', 'text = """\nfrom flask import Flask\napp = Flask(__name__)\n"""\n'],
    ['because it has one in a docstring with quotes', '"""It\'s\n\napp = Flask(__name__)\n"""\n'],
    ['because it only has one inside a function', 'def test():\n    app = Flask(__name__)\n'],
    ['because it runs something else', 'import subprocess\nimport flask\nsubprocess.run(["ls"])\n'],
    ['because asyncio runs it', 'import asyncio\nfrom aiohttp import ClientSession\nasyncio.run(main())\n'],
    ['because it compares', 'from flask import Flask\nif app == 1:\n    pass\n'],
    ['because it configures', 'app_name = "x"\napplications = []\n'],
    [
      'because it is a command line',
      'import typer\napp = typer.Typer()\nif __name__ == "__main__":\n    app()\n',
    ],
    ['because it is a queue', 'from celery import Celery\napp = Celery("x")\n'],
    ['because it has no framework', 'app = {}\nrun(app)\n'],
  ];
  for (const [what, source] of OTHERS) it(what, () => assert.equal(pythonApp(source, other), undefined));
});

describe('a Python file of a usual name', () => {
  it('is an app if it assigns a usual name, whatever that is', () => {
    assert.ok(definesPythonApp('app = object()\n'));
    assert.ok(definesPythonApp('application: Any = get_wsgi_application()\n'));
    assert.ok(!definesPythonApp('app = typer.Typer()\n'));
    assert.ok(!definesPythonApp('print(1)\n'));
  });

  it('such as wsgi.py is an app if it imports one', () => {
    const source = 'from shop import web as application\n';
    assert.equal(pythonApp(source, { certain: true }), 'runs');
    assert.equal(pythonApp('from shop import app\n', { certain: true }), 'runs');
    assert.equal(pythonApp('from shop import app\n'), undefined);
  });
});

describe('reading Python', () => {
  it('finds the modules that are imported', () => {
    const source =
      'import os, shop.web as w\nfrom . import db\nfrom .models import User\n# import no\n  from a.b import (c,\n d)\n';
    assert.deepEqual(pythonImports(source), ['os', 'shop.web', '.', '.models', 'a.b']);
  });

  it('never fails, and ends soon, whatever the text', () => {
    const parts = fc.constantFrom(
      '"',
      "'",
      '"""',
      "'''",
      '#',
      '\\',
      '\n',
      'app = ',
      'Flask(',
      'run(',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 200 }), (pieces) => {
        const source = pieces.join('');
        pythonApp(source);
        pythonImports(source);
      }),
    );
  });
});
