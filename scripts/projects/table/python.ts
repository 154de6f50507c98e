/** Python: the first examples and tutorials of the frameworks, with Debian's packages. */
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

const FASTAPI = `from typing import Union

from fastapi import FastAPI, WebSocket
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    price: float
    is_offer: Union[bool, None] = None


@app.get("/")
def read_root():
    return {"Hello": "World"}


@app.get("/items/{item_id}")
def read_item(item_id: int, q: Union[str, None] = None):
    return {"item_id": item_id, "q": q}


@app.put("/items/{item_id}")
async def update_item(item_id: int, item: Item):
    return {"item_name": item.name, "item_id": item_id}


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        await socket.send_text("got " + await socket.receive_text())
`;

const STARLETTE = `from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute


async def homepage(request):
    return JSONResponse({"hello": "world"})


async def echo(request):
    return PlainTextResponse(await request.body(), status_code=201)


async def talk(socket):
    await socket.accept()
    await socket.send_text("got " + await socket.receive_text())
    await socket.close()


app = Starlette(
    debug=True,
    routes=[Route("/", homepage), Route("/echo", echo, methods=["POST"]), WebSocketRoute("/ws", talk)],
)
`;

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

const QUART = `from quart import Quart, request, websocket

app = Quart(__name__)


@app.get("/")
async def index():
    return "hello"


@app.post("/echo")
async def echo():
    return {"input": await request.get_json(), "extra": True}


@app.websocket("/ws")
async def ws():
    while True:
        await websocket.send("got " + await websocket.receive())


if __name__ == "__main__":
    app.run()
`;

const POLLS_MODELS = `from django.db import models


class Question(models.Model):
    question_text = models.CharField(max_length=200)
    pub_date = models.DateTimeField("date published")

    def __str__(self):
        return self.question_text


class Choice(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    choice_text = models.CharField(max_length=200)
    votes = models.IntegerField(default=0)
`;

const POLLS_VIEWS = `from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from .models import Question


def index(request):
    return render(request, "polls/index.html", {"questions": Question.objects.all()})


def results(request, pk):
    question = get_object_or_404(Question, pk=pk)
    return HttpResponse(", ".join(f"{c.choice_text}: {c.votes}" for c in question.choice_set.all()))


def vote(request, pk):
    question = get_object_or_404(Question, pk=pk)
    question.choice_set.filter(pk=request.POST["choice"]).update(votes=F("votes") + 1)
    return HttpResponseRedirect(reverse("results", args=(pk,)))


open_vote = csrf_exempt(vote)
`;

const POLLS_URLS = `from django.urls import path

from . import views

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.results, name="results"),
    path("<int:pk>/vote/", views.vote, name="vote"),
    path("<int:pk>/open-vote/", views.open_vote),
]
`;

const SITE_URLS = `from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("polls/", include("polls.urls")), path("admin/", admin.site.urls)]
`;

const POLLS_INDEX = `{% for question in questions %}
  <form action="{% url 'vote' question.pk %}" method="post">{% csrf_token %}<h1>{{ question }}</h1></form>
{% empty %}
  <p>No polls are available.</p>
{% endfor %}
`;

const FILL = `from django.utils import timezone
from polls.models import Question

q = Question.objects.create(question_text="What's new?", pub_date=timezone.now())
q.choice_set.create(choice_text="Not much")
q.choice_set.create(choice_text="The sky")
`;

export const python: readonly Project[] = [
  {
    kind: 'served',
    name: 'django',
    title: 'Django `startproject` with the polls tutorial',
    group,
    get: [
      { debian: ['python3-django'] },
      { run: `${PYTHON} -m django startproject mysite . && ${PYTHON} manage.py startapp polls` },
      {
        files: {
          'polls/models.py': POLLS_MODELS,
          'polls/views.py': POLLS_VIEWS,
          'polls/urls.py': POLLS_URLS,
          'polls/templates/polls/index.html': POLLS_INDEX,
          'mysite/urls.py': SITE_URLS,
          'fill.py': FILL,
        },
      },
      { run: `sed -i "s/^INSTALLED_APPS = \\[/INSTALLED_APPS = [\\n    'polls',/" mysite/settings.py` },
      {
        run: `${PYTHON} manage.py makemigrations polls && ${PYTHON} manage.py migrate && ${PYTHON} manage.py shell < fill.py`,
      },
    ],
    versions: ['django'],
    bare: `${PYTHON} manage.py runserver $PORT`,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/polls/' },
      { path: '/polls/1/' },
      { path: '/polls/9/' },
      { path: '/polls' },
      { path: '/admin/login/' },
      { path: '/static/admin/css/base.css' },
      { path: '/admin/' },
      { method: 'POST', path: '/polls/1/vote/', headers: FORM_TYPE, body: 'choice=1' },
      { method: 'POST', path: '/polls/1/open-vote/', headers: FORM_TYPE, body: 'choice=1' },
      { path: '/polls/1/' },
    ],
    state: ['db.sqlite3'],
    masks: ['csrfmiddlewaretoken" value="[^"]*"', 'csrftoken=[^;]*', 'expires=[^;]*'],
    change: { file: 'polls/views.py', from: '", ".join', to: '" | ".join', path: '/polls/1/', sees: ' | ' },
  },
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
    name: 'fastapi',
    title: 'FastAPI’s first steps',
    group,
    get: [{ debian: ['python3-fastapi', 'uvicorn', 'python3-wsproto'] }, { files: { 'main.py': FASTAPI } }],
    versions: ['fastapi', 'uvicorn'],
    bare: `${PYTHON} -m uvicorn main:app --reload --port $PORT`,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/' },
      { path: '/items/5?q=a' },
      { path: '/items/five' },
      { path: '/docs' },
      { path: '/openapi.json' },
      { method: 'PUT', path: '/items/5', headers: JSON_TYPE, body: '{"name":"a","price":1.5}' },
      { method: 'PUT', path: '/items/5', headers: JSON_TYPE, body: '{"name":"a"}' },
      { method: 'POST', path: '/' },
    ],
    talk: { path: '/ws', steps: [{ send: 'hi' }, { wait: 'got hi' }] },
    change: { file: 'main.py', from: '"World"', to: '"Moon"', path: '/' },
  },
  {
    kind: 'served',
    name: 'starlette',
    title: 'Starlette’s example',
    group,
    get: [
      { debian: ['python3-starlette', 'uvicorn', 'python3-wsproto'] },
      { files: { 'example.py': STARLETTE } },
    ],
    versions: ['starlette', 'uvicorn'],
    bare: `${PYTHON} -m uvicorn example:app --reload --port $PORT`,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/echo', body: 'text' },
      { method: 'POST', path: '/' },
    ],
    talk: { path: '/ws', steps: [{ send: 'hi' }, { wait: 'got hi' }] },
    change: { file: 'example.py', from: '"world"', to: '"moon"', path: '/' },
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
  {
    kind: 'served',
    name: 'quart',
    title: 'Quart’s quickstart',
    group,
    get: [{ debian: ['python3-quart', 'uvicorn', 'python3-wsproto'] }, { files: { 'hello.py': QUART } }],
    versions: ['quart'],
    bare: `${PYTHON} hello.py`,
    barePort: 5000,
    ours: ['--python', PYTHON],
    requests: [
      { path: '/' },
      { path: '/missing' },
      { method: 'POST', path: '/echo', headers: JSON_TYPE, body: '{"a":1}' },
    ],
    talk: { path: '/ws', steps: [{ send: 'hi' }, { wait: 'got hi' }] },
    change: { file: 'hello.py', from: '"hello"', to: '"moon"', path: '/' },
  },
];
