"""Adds `manage.py runconcurrentserver` to a Django project; see docs/python.md."""
