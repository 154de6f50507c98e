/** Python: ASGI frameworks, with their first examples and Debian’s packages. */
import type { Project } from '../project.ts';

const group = 'Python';
const JSON_TYPE = { 'content-type': 'application/json' };

const PYTHON = '/usr/bin/python3';

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

export const asgi: readonly Project[] = [
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
    // It keeps the methods in a set, whose order changes from start to start.
    masks: ['GET, HEAD|HEAD, GET'],
    change: { file: 'example.py', from: '"world"', to: '"moon"', path: '/' },
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
    change: { file: 'hello.py', from: '"hello"', to: '"moon"', path: '/', sees: 'moon' },
  },
];
