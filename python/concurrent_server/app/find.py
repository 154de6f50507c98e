"""Finds the app in a module that has been loaded, and tells WSGI apps from ASGI apps."""

import inspect
import sys
from typing import Any, List, Optional

from .entry import CannotServe, read_name

#: Names of apps in a module, the most usual first.
NAMES = ("app", "application", "api")
FACTORIES = ("create_app", "make_app", "create_application")
#: Classes of frameworks; one object of them is the app, whatever its name is.
FRAMEWORKS = ("Flask", "FastAPI", "Starlette", "Quart", "Bottle", "Litestar", "Sanic")
#: Classes with a common name that are apps in these packages.
_COMMON = ("App", "API", "Router")
_PACKAGES = ("falcon", "pyramid")
#: Packages whose objects can be called and are neither WSGI nor ASGI, with what is to be said of them.
_FOREIGN = {
    "aiohttp": "aiohttp apps bring a server of their own and are neither WSGI nor ASGI, so they can't be served here",
    "tornado": "Tornado apps bring a server of their own and are neither WSGI nor ASGI, so they can't be served here",
}
_NO_APPS = ("typer", "click", "celery")


def attribute(module: Any, name: str) -> Any:
    """What `name` names in the module, called if the name says so."""
    call = read_name(name)
    value: Any = module
    for part in call.path.split("."):
        try:
            value = getattr(value, part)
        except AttributeError:
            raise CannotServe(f"{module.__name__} has no {part}") from None
    if not callable(value):
        raise CannotServe(f"{module.__name__}:{name} is not callable, so it is not an app")
    # `flask run` also calls a factory that is named without parentheses.
    is_factory = inspect.isfunction(value) and (call.path in FACTORIES or not is_app(value))
    if call.called or is_factory:
        value = _made(value, call.path, *call.args, **call.kwargs)
    return _checked(value)


def find(module: Any) -> Any:
    """The app of a module that nobody named."""
    foreign: Optional[str] = None
    for name in NAMES:
        value = getattr(module, name, None)
        if value is None:
            continue
        foreign = foreign or foreign_app(value)
        if is_app(value):
            return value
    for name in FACTORIES:
        if callable(getattr(module, name, None)):
            return _checked(_made(getattr(module, name), name))
    found = framework_objects(module)
    if len(found) == 1:
        return found[0]
    app = _dash_server(module) or _bottle_default()
    if app is not None:
        return app
    if foreign is not None:
        raise CannotServe(foreign)
    looked = ", ".join(NAMES + tuple(f"{name}()" for name in FACTORIES))
    raise CannotServe(
        f"{module.__name__} has no app: looked for {looked}; name it, for example {module.__name__}:my_app"
    )


def framework_objects(module: Any) -> List[Any]:
    found: List[Any] = []
    for value in list(vars(module).values()):
        if _is_of_framework(type(value)) and not any(value is other for other in found):
            found.append(value)
    return found


def _is_of_framework(cls: type) -> bool:
    return any(
        base.__name__ in FRAMEWORKS or (base.__name__ in _COMMON and base.__module__.partition(".")[0] in _PACKAGES)
        for base in cls.__mro__
    )


def is_app(value: Any) -> bool:
    """Whether it can be called as WSGI or ASGI apps are."""
    if not callable(value) or foreign_app(value) is not None or _package(value) in _NO_APPS:
        return False
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return True
    for count in (2, 3):
        try:
            signature.bind(*range(count))
            return True
        except TypeError:
            pass
    return False


def foreign_app(value: Any) -> Optional[str]:
    """A sentence about an app that is neither WSGI nor ASGI."""
    for base in (value if inspect.isclass(value) else type(value)).__mro__:
        sentence = _FOREIGN.get(base.__module__.partition(".")[0])
        if sentence is not None:
            return sentence
    return None


def _package(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _checked(app: Any) -> Any:
    sentence = foreign_app(app)
    if sentence is not None:
        raise CannotServe(sentence)
    return app


def _made(factory: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):
        signature = None
    if signature is not None:
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise CannotServe(
                f"{name}() can't be called like this ({error}); name its arguments, for example '{name}(\"dev\")'"
            ) from None
    made = factory(*args, **kwargs)
    if not inspect.iscoroutine(made):
        return made
    import asyncio

    return asyncio.run(made)


def _dash_server(module: Any) -> Any:
    """The Flask app in an object of Dash, if there is only one."""
    found = [value.server for value in list(vars(module).values()) if type(value).__name__ == "Dash"]
    return found[0] if len(found) == 1 else None


def _bottle_default() -> Any:
    """Bottle's app of all routes that name none, if there are any."""
    bottle = sys.modules.get("bottle")
    stack = getattr(bottle, "app", None)
    app = stack() if callable(stack) and getattr(bottle, "Bottle", None) is not None else None
    return app if getattr(app, "routes", None) else None


def style_of(app: Any) -> str:
    """ASGI apps are coroutine functions or objects with such a `__call__`; all others are WSGI apps."""
    target = app
    while hasattr(target, "func") and not inspect.isfunction(target) and hasattr(target, "keywords"):
        target = target.func  # functools.partial
    if inspect.isclass(target):
        return "asgi" if hasattr(target, "__await__") else "wsgi"
    if inspect.isfunction(target) or inspect.ismethod(target):
        return "asgi" if inspect.iscoroutinefunction(target) else "wsgi"
    return "asgi" if inspect.iscoroutinefunction(getattr(target, "__call__", None)) else "wsgi"  # noqa: B004
