"""Sets a Django project up as `manage.py runserver` does, without its server. Only the functions import Django."""

import os
import runpy
import sys
from typing import Any, Dict, List

#: Settings of the 2009 server (django_concurrent_test_server), which still provide the defaults.
OLD_SETTINGS = (
    "CONCURRENT_THREADING",
    "CONCURRENT_RANDOM_DELAY",
    "RUNSERVER_DEFAULT_ADDR",
    "RUNSERVER_DEFAULT_PORT",
)


def configure(manage: str) -> None:
    """Runs `manage.py` up to the point where it would run a command, so the settings are those that it chooses."""
    try:
        from django.core import management
    except ImportError:
        raise ImportError(NO_DJANGO.format(python=sys.executable)) from None
    folder = os.path.dirname(os.path.abspath(manage))
    if folder not in sys.path:
        sys.path.insert(0, folder)
    # Projects check these two to learn whether runserver runs them.
    os.environ.setdefault("RUN_MAIN", "true")
    sys.argv = [manage, "runserver"]
    run = management.execute_from_command_line
    management.execute_from_command_line = lambda *args, **options: None
    try:
        runpy.run_path(manage, run_name="__main__")
    except SystemExit as error:
        if error.code:
            raise
    finally:
        management.execute_from_command_line = run
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        raise RuntimeError(f"{os.path.basename(manage)} sets no DJANGO_SETTINGS_MODULE")


NO_DJANGO = "Django is not installed in {python}; run: {python} -m pip install django"


def load(manage: str) -> Any:
    """The app that runserver would serve: the project's own WSGI application, with static files if DEBUG is set."""
    configure(manage)
    import django

    django.setup()
    from django.conf import settings
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.urls import get_resolver

    app = get_internal_wsgi_application()
    if settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        from django.contrib.staticfiles.handlers import StaticFilesHandler

        app = StaticFilesHandler(app)
    # Otherwise the first request would load the views. A view that does not load must show at once.
    get_resolver().url_patterns  # noqa: B018
    return app


def old_settings() -> Dict[str, Any]:
    """The settings of the 2009 server that the project has."""
    from django.conf import settings

    return {name: getattr(settings, name) for name in OLD_SETTINGS if hasattr(settings, name)}


def close_connections() -> None:
    """Closes this thread's connections to databases: forked processes can't share them."""
    if "django.db" in sys.modules:
        from django.db import connections

        connections.close_all()


def closes_quickly(response: Any) -> bool:
    """Whether closing a response runs no code of the project, so that it can be closed before it is sent."""
    if getattr(response, "streaming", True) or len(getattr(response, "_resource_closers", "  ")) > 1:
        return False
    from django.core.signals import request_finished

    receivers = request_finished.receivers
    if len(receivers) != _checked[0]:
        live = request_finished._live_receivers(None)
        # Django 5 returns two lists, the second for async receivers.
        flat = [receiver for part in live for receiver in part] if isinstance(live, tuple) else live
        _checked[:] = [len(receivers), all(receiver.__module__.startswith("django.") for receiver in flat)]
    return bool(_checked[1])


#: The number of receivers of request_finished at the last check, and whether all were Django's own.
_checked: List[Any] = [-1, False]


def template_files() -> List[str]:
    """Files of the templates that Django has cached and would not read again."""
    files: List[str] = []
    for cache in _template_caches():
        for template in list(cache.values()):
            name = getattr(getattr(template, "origin", None), "name", None)
            if isinstance(name, str) and os.path.isabs(name):
                files.append(name)
    return files


def template_count() -> int:
    """The number of cached templates."""
    return sum(len(cache) for cache in _template_caches())


def _template_caches() -> List[Dict[str, Any]]:
    template = sys.modules.get("django.template")
    engines = getattr(getattr(template, "engines", None), "_engines", None)
    if not engines:
        return []
    caches: List[Dict[str, Any]] = []
    for engine in list(engines.values()):
        inner = getattr(engine, "engine", None)
        # Django makes the loaders at the first use. Asking for them sooner would load the app's tags.
        for loader in vars(inner).get("template_loaders", ()) if inner is not None else ():
            cache = getattr(loader, "get_template_cache", None)
            if isinstance(cache, dict):
                caches.append(cache)
    return caches
