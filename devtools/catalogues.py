"""Extract screen texts into locale/*.po and compile them.

Babel does it, because the gettext programs are not on every machine. The texts in the code are
Dutch; each catalogue translates them into one other language. Code is read as a syntax tree, which
sees the texts inside f-strings too; Django turns templates into calls of gettext.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
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
    template = collected(root)
    for source in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
        catalogue = load(source)
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        # Line numbers would change with every edit of the code; the file says enough.
        with source.open("wb") as target:
            write_po(target, catalogue, width=100, sort_by_file=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{source.relative_to(root)}: {len(catalogue)} texts, {missing} untranslated")
    return 0


def collected(root: Path = ROOT) -> Catalog:
    """All screen texts, as a catalogue without translations."""
    template = Catalog(domain=DOMAIN, project="LCPS", charset="utf-8")
    for path, line, text, context in screen_texts(root):
        template.add(text, locations=[(path, line)], context=context)
    return template


Text = str | tuple[str, str]
Found = tuple[str, int, Text, str | None]


def screen_texts(root: Path) -> Iterator[Found]:
    for package in PACKAGES:
        for path in sorted((root / package).glob("**/*.py")):
            for line, text, context in code_texts(path.read_text()):
                yield str(path.relative_to(root)), line, text, context
    for path in sorted([*root.glob("templates/**/*.html"), *root.glob("templates/**/*.txt")]):
        for line, text, context in template_texts(path.read_text()):
            if str(text).endswith("\\"):
                raise ValueError(f"{path}:{line}: write typographic quotes inside a text")
            yield str(path.relative_to(root)), line, text, context


def code_texts(code: str) -> Iterator[tuple[int, Text, str | None]]:
    """The texts in calls of gettext and its family, wherever they stand."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name not in KEYWORDS:
            continue
        given = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        context = str(given.pop(0)) if "pgettext" in name else None
        match [text for text in given[: 2 if name.startswith("n") else 1] if isinstance(text, str)]:
            case [one, many]:
                yield node.lineno, (one, many), context
            case [text] if not name.startswith("n"):
                yield node.lineno, text, context


def template_texts(text: str) -> Iterator[tuple[int, Text, str | None]]:
    """Django rewrites a template as Python source with the texts in gettext calls, line by line."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure()
        django.setup()
    from django.utils.translation.template import templatize

    # In brackets, because a template's indents are not Python's.
    source = io.BytesIO(f"({templatize(text)}\n)".encode())
    for line, found, _, context in extract("python", source, keywords=KEYWORDS):
        yield line, found if isinstance(found, str) else (found[0], found[1]), context


def load(source: Path) -> Catalog:
    with source.open("rb") as lines:
        return read_po(lines, locale=source.parts[-3], domain=source.stem, abort_invalid=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
