#!/usr/bin/env python
"""Django's command line. Finds the services of a running `make run` by itself."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")
    try:
        from devtools.services import running_environment
    except ImportError:
        # In the production image there is no devtools: the environment is complete by itself.
        pass
    else:
        for name, value in running_environment().items():
            os.environ.setdefault(name, value)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
