"""The project of the Python benchmark: two views, no database, and the fewest middlewares with which Django starts."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
