/** Python: Flask and the small frameworks, with their first examples and Debian’s packages. */
import type { Project, ServedProject } from '../project.ts';

const group = 'Python';
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const JSON_TYPE = { 'content-type': 'application/json' };

const PYTHON = '/usr/bin/python3';

const FLASK = `from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def index():
    return "<p>Hello, World!</p>"


@app.route("/hello/<name>", methods=["GET", "POST"])
def hello(name):
    return {"name": name, "form": request.form.to_dict()}


@app.route("/broken")
def broken():
    return {}["missing"]
`;

const FLASK_REQUESTS: ServedProject['requests'] = [
  { path: '/' },
  { path: '/hello/you' },
  { method: 'POST', path: '/hello/you', headers: FORM_TYPE, body: 'a=1&b=two' },
  { path: '/missing' },
];

const BOTTLE = `from bottle import post, request, route, run, template


@route("/hello/<name>")
def index(name):
    return template("<b>Hello {{name}}</b>!", name=name)


@post("/sum")
def add():
    return {"sum": int(request.forms.get("a")) + int(request.forms.get("b"))}


run(host="localhost", port=8080)
`;

const FALCON = `from wsgiref.simple_server import make_server

import falcon


class ThingsResource:
    def on_get(self, req, resp):
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = "Two things awe me most"

    def on_post(self, req, resp):
        resp.status = falcon.HTTP_201
        resp.media = req.media


app = falcon.App()
app.add_route("/things", ThingsResource())

if __name__ == "__main__":
    with make_server("", 8009, app) as httpd:
        print("Serving on port 8009...")
        httpd.serve_forever()
`;

const PYRAMID = `from wsgiref.simple_server import make_server

from pyramid.config import Configurator
from pyramid.response import Response


def hello_world(request):
    return Response("Hello World!")


def echo(request):
    return Response(json_body=request.json_body)


if __name__ == "__main__":
    with Configurator() as config:
        config.add_route("hello", "/")
        config.add_view(hello_world, route_name="hello")
        config.add_route("echo", "/echo")
        config.add_view(echo, route_name="echo", request_method="POST")
        app = config.make_wsgi_app()
    server = make_server("127.0.0.1", 6543, app)
    server.serve_forever()
`;

export const python: readonly Project[] = [
  {
    kind: 'served',
    name: 'flask-tutorial',
    title: 'Flask’s tutorial, `flaskr`',
    group,
    get: [
      { debian: ['python3-flask'] },
      { github: 'pallets/flask', folders: ['examples/tutorial'] },
      { run: `cd examples/tutorial && ${PYTHON} -m flask --app flaskr init-db` },
    ],
    folder: 'examples/tutorial',
    versions: ['flask', 'werkzeug'],
    bare: `${PYTHON} -m flask --app flaskr --debug run --port $PORT`,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/' },
      { path: '/hello' },
      { path: '/auth/register' },
      { path: '/create' },
      { path: '/static/style.css' },
      { path: '/missing' },
      { method: 'POST', path: '/auth/register', headers: FORM_TYPE, body: 'username=a&password=b' },
      { method: 'POST', path: '/auth/register', headers: FORM_TYPE, body: 'username=a&password=b' },
      { method: 'POST', path: '/auth/login', headers: FORM_TYPE, body: 'username=a&password=b' },
    ],
    state: ['instance'],
    masks: ['session=[^;]*', 'expires=[^;]*'],
    change: { file: 'flaskr/__init__.py', from: 'Hello, World!', to: 'Hello, Moon!', path: '/hello' },
  },
  {
    kind: 'served',
    name: 'flask-hello',
    title: 'Flask quickstart, one file',
    group,
    get: [{ debian: ['python3-flask'] }, { files: { 'hello.py': FLASK } }],
    versions: ['flask', 'werkzeug'],
    bare: `${PYTHON} -m flask --app hello --debug run --port $PORT`,
    ours: ['--python', PYTHON],
    requests: FLASK_REQUESTS,
    change: { file: 'hello.py', from: 'Hello, World!', to: 'Hello, Moon!', path: '/' },
  },
  {
    kind: 'served',
    name: 'flask-run',
    title: 'Flask, `app.run(debug=True)` at the end',
    group,
    get: [{ debian: ['python3-flask'] }, { files: { 'app.py': `${FLASK}\n\napp.run(debug=True)\n` } }],
    versions: ['flask', 'werkzeug'],
    bare: `${PYTHON} app.py`,
    barePort: 5000,
    ours: ['--python', PYTHON],
    requests: FLASK_REQUESTS,
    change: { file: 'app.py', from: 'Hello, World!', to: 'Hello, Moon!', path: '/' },
  },
  {
    kind: 'served',
    name: 'bottle',
    title: 'Bottle’s first example',
    group,
    get: [{ debian: ['python3-bottle'] }, { files: { 'hello.py': BOTTLE } }],
    versions: ['bottle'],
    bare: `${PYTHON} hello.py`,
    barePort: 8080,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/hello/you' },
      { path: '/missing' },
      { method: 'POST', path: '/sum', headers: FORM_TYPE, body: 'a=1&b=2' },
    ],
    change: { file: 'hello.py', from: '<b>Hello', to: '<b>Good day', path: '/hello/you', sees: 'Good day' },
  },
  {
    kind: 'served',
    name: 'falcon',
    title: 'Falcon’s quickstart',
    group,
    get: [{ debian: ['python3-falcon'] }, { files: { 'things.py': FALCON } }],
    versions: ['falcon'],
    bare: `${PYTHON} things.py`,
    barePort: 8009,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/things' },
      { path: '/missing' },
      { method: 'POST', path: '/things', headers: JSON_TYPE, body: '{"a":1}' },
    ],
    change: { file: 'things.py', from: 'Two things', to: 'Three things', path: '/things' },
  },
  {
    kind: 'served',
    name: 'pyramid',
    title: 'Pyramid’s hello world',
    group,
    get: [{ debian: ['python3-pyramid'] }, { files: { 'helloworld.py': PYRAMID } }],
    versions: ['pyramid'],
    bare: `${PYTHON} helloworld.py`,
    barePort: 6543,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' },
    ],
    change: { file: 'helloworld.py', from: 'Hello World!', to: 'Hello Moon!', path: '/' },
  },
];
