/** Makes a stock Django project with one app, in a folder that is removed after the tests. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { testPython } from '../support/python.ts';

export interface Project {
  folder: string;
  /** Writes a file of the project. */
  write(name: string, text: string): void;
  /** Adds lines to the settings. */
  settings(...lines: string[]): void;
  /** Runs manage.py and returns what it prints. */
  manage(...words: string[]): string;
  remove(): void;
}

const VIEWS = `
import os
import time
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

def hello(request):
    return HttpResponse("hello")

def page(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return render(request, "page.html", {"visits": request.session["visits"]})

def broken(request):
    raise ValueError("broken on purpose")

def speak(request):
    print("output of", request.path)
    return HttpResponse(str(os.getpid()))

def stream(request):
    return StreamingHttpResponse(iter([b"one,", b"two"]))

def file(request):
    return FileResponse(open(__file__, "rb"))
`;

const URLS = `
from django.contrib import admin
from django.urls import path
from shop import views

urlpatterns = [path("admin/", admin.site.urls)] + [
    path(name, getattr(views, name)) for name in ("hello", "page", "broken", "speak", "stream", "file")
]
`;

/** The project that Django creates, which takes a second; copied for each test. */
let stock: string | undefined;
process.once('exit', () => stock && fs.rmSync(stock, { recursive: true, force: true }));

export function makeProject(): Project {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'django-'));
  stock ??= makeStock();
  fs.cpSync(stock, folder, { recursive: true });
  const project: Project = {
    folder,
    write: (name, text) => {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    },
    settings: (...lines) =>
      fs.appendFileSync(path.join(folder, 'mysite/settings.py'), `\n${lines.join('\n')}\n`),
    manage: (...words) => python(folder, 'manage.py', ...words),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
  project.write('shop/views.py', VIEWS);
  project.write('mysite/urls.py', URLS);
  project.write('shop/templates/page.html', '<h1>Visit {{ visits }}</h1>');
  project.settings("INSTALLED_APPS += ['shop']");
  return project;
}

function makeStock(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'django-stock-'));
  python(folder, '-m', 'django', 'startproject', 'mysite', '.');
  python(folder, 'manage.py', 'startapp', 'shop');
  return folder;
}

function python(cwd: string, ...words: string[]): string {
  return execFileSync(testPython(), words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
