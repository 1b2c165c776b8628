"""Remove what the set-up and the runs of this checkout made."""

import shutil
import sys

from devtools.places import Places
from devtools.services import is_running


def main() -> int:
    places = Places()
    if is_running(places):
        print("`make run` is running in this checkout: stop it first", file=sys.stderr)
        return 1
    made = [places.root / name for name in (".venv", "node_modules", "staticfiles", "screenshots")]
    for folder in [*made, places.data, places.sockets, places.local]:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
