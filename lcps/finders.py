"""Finds the few npm files we serve among the many a package holds."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from lcps.assets import NPM_FILES


class NpmFinder(FileSystemFinder):
    """Lists from STATICFILES_DIRS what `lcps.assets` names, and nothing else."""

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for path, storage in super().list(ignore_patterns):
            full = f"{storage.prefix}/{path}"
            if any(fnmatch(full, pattern) for pattern in NPM_FILES):
                yield path, storage
