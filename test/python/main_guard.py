"""Tests which files are run as `__main__`; see python/concurrent_server/app/main_guard.py."""

import unittest

from concurrent_server.app.main_guard import runs_as_main

APP = "from flask import Flask\napp = Flask(__name__)\n"
GUARD = "if __name__ == '__main__':\n"


class RunsAsMain(unittest.TestCase):
    def test_a_block_that_makes_the_app(self) -> None:
        for body in (
            "    from wsgiref.simple_server import make_server\n    make_server('', 1, build()).serve_forever()\n",
            "    with Configurator() as config:\n        app = config.make_wsgi_app()\n    serve(app)\n",
            "    bottle.run(port=1)\n",
            "    main()\nelse:\n    pass\n\ndef main():\n    uvicorn.run(create())\n",
        ):
            self.assertTrue(runs_as_main("import bottle, uvicorn\n" + GUARD + body), body)

    def test_a_block_that_prepares_or_configures_the_app(self) -> None:
        for body in (
            "    with app.app_context():\n        db.create_all()\n    app.run()\n",
            "    app.config['X'] = 1\n    app.run()\n",
            "    app.run(debug=False)\n",
            "    app.run(ssl_context='adhoc')\n",
            "    port = int(os.environ['PORT'])\n    app.run(port=port)\n",
        ):
            self.assertTrue(runs_as_main(APP + GUARD + body), body)

    def test_a_block_that_only_runs_the_app_does_not_count(self) -> None:
        for body in (
            "    app.run()\n",
            "    app.run(debug=True, host='0.0.0.0', port=80)\n",
            "    import uvicorn\n    uvicorn.run('main:app', reload=True, workers=4)\n",
            "    'Only for development.'\n    app.run()\n",
        ):
            self.assertFalse(runs_as_main(APP + GUARD + body), body)

    def test_a_block_that_runs_something_else_does_not_count(self) -> None:
        for body in ("    unittest.main()\n", "    asyncio.run(migrate())\n", "    print(app.url_map)\n"):
            self.assertFalse(runs_as_main(APP + GUARD + body), body)

    def test_without_a_block_or_a_readable_source(self) -> None:
        for source in (APP, APP + "app.run()\n", "if x:\n    run()\n", "if __name__ == '__main__'\n", "\0", ""):
            self.assertFalse(runs_as_main(source), source)

    def test_names_of_an_app_wherever_a_module_binds_them(self) -> None:
        run = GUARD + "    app.run()\n"
        for source in (
            "from shop import app\n",
            "from shop import create_app as application\n",
            "try:\n    import x\nexcept ImportError:\n    app = None\n",
            "from shop import *\n",
            "web = flask.Flask('x')\n",
            "def create_app():\n    pass\n",
        ):
            self.assertFalse(runs_as_main(source + run), source)
        for source in ("def f():\n    app = 1\n", "import app_tools\n", "class Api:\n    api = 1\n"):
            self.assertTrue(runs_as_main(source + run), source)


if __name__ == "__main__":
    unittest.main()
