import time

from django.http import HttpResponse
from django.urls import path


def hello(request):
    return HttpResponse("Hello, world!")


def cpu(request):
    end = time.thread_time() + 0.005
    while time.thread_time() < end:
        pass
    return HttpResponse("done")


urlpatterns = [path("", hello), path("cpu", cpu)]
