/** Python: the first examples and tutorials of the frameworks, with Debian's packages. */
import type { Project } from '../project.ts';

const group = 'Python';

const FLASK = `from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def index():
    return "<p>Hello, World!</p>"


@app.route("/hello/<name>", methods=["GET", "POST"])
def hello(name):
    return {"name": name, "form": request.form.to_dict()}
`;

export const python: readonly Project[] = [
  {
    kind: 'served',
    name: 'flask-hello',
    title: 'Flask quickstart, one file',
    group,
    get: [{ debian: ['python3-flask'] }, { files: { 'hello.py': FLASK } }],
    versions: ['flask', 'werkzeug'],
    bare: '/usr/bin/python3 -m flask --app hello --debug run --port $PORT',
    ours: ['--python', '/usr/bin/python3'],
    requests: [
      { path: '/' },
      { path: '/hello/you' },
      {
        method: 'POST',
        path: '/hello/you',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a=1&b=two',
      },
      { path: '/missing' },
    ],
    change: { file: 'hello.py', from: 'Hello, World!', to: 'Hello, Moon!', path: '/' },
  },
];
