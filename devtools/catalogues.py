"""Extract screen texts into locale/*.po and compile them.

Babel does it, because the gettext programs are not on every machine. The texts in the code are
Dutch; each catalogue translates them into one other language.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from devtools.places import ROOT

DOMAIN = "django"
PACKAGES = ("lcps", "regions", "capacity", "transfers", "communications")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        return compile_all()
    if arguments == ["extract"]:
        return extract_all()
    print("use: python -m devtools.catalogues compile|extract", file=sys.stderr)
    return 2


def compile_all(root: Path = ROOT) -> int:
    status = 0
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        catalogue = load(source)
        problems = [
            f"{source}:{message.lineno}: {error}"
            for message in catalogue
            for error in message.check(catalogue)
        ]
        for problem in problems:
            print(problem, file=sys.stderr)
        status = 1 if problems else status
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
    return status


def extract_all(root: Path = ROOT) -> int:
    """Bring every catalogue up to date with the screen texts; new ones wait untranslated."""
    template = Catalog(domain=DOMAIN, project="LCPS", charset="utf-8")
    for path, line, text, comments, context in screen_texts(root):
        template.add(text, locations=[(path, line)], auto_comments=comments, context=context)
    for source in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
        catalogue = load(source)
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        # Line numbers would change with every edit of the code; the file says enough.
        with source.open("wb") as target:
            write_po(target, catalogue, width=100, sort_by_file=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{source.relative_to(root)}: {len(catalogue)} texts, {missing} untranslated")
    return 0


Found = tuple[str, int, str | tuple[str, ...], list[str], str | None]


def screen_texts(root: Path) -> Iterator[Found]:
    for package in PACKAGES:
        found = extract_from_dir(
            root / package, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for name, line, text, comments, context in found:
            yield f"{package}/{name}", line, text, comments, context
    for path in sorted([*root.glob("templates/**/*.html"), *root.glob("templates/**/*.txt")]):
        for line, text, comments, context in template_texts(path.read_text()):
            yield str(path.relative_to(root)), line, text, comments, context


def template_texts(text: str) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Django rewrites a template as Python source with the texts in gettext calls, line by line."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure()
        django.setup()
    from django.utils.translation.template import templatize

    source = io.BytesIO(templatize(text).encode())
    yield from extract("python", source, keywords=KEYWORDS)


def load(source: Path) -> Catalog:
    with source.open("rb") as lines:
        return read_po(lines, locale=source.parts[-3], domain=source.stem, abort_invalid=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
