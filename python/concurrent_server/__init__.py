"""The Python half of Concurrent Server: runs a WSGI or ASGI app for the server process that started it.

Standard library only, Python 3.9 and later. Requests come over private sockets, in frames (``wire/frames.py``).
"""
