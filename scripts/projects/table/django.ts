/** Python: Django with its polls tutorial. */
import type { Project } from '../project.ts';

const group = 'Python';
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const PYTHON = '/usr/bin/python3';

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

export const django: readonly Project[] = [
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
];
