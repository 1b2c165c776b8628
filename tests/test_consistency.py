"""What no linter sees: promises of the ADRs about the whole tree."""

import ast
import re
import tomllib

import pytest

from devtools.places import ROOT

PACKAGES = ("capacity", "communications", "lcps", "regions", "transfers")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
RULE = re.compile(r"\(([RCTML]\d{1,2})\b[^)]*\)")


def listens(tree: ast.AST) -> list[int]:
    """The lines on which something is bound to one of Django's signals."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named = {*(node.module or "").split("."), *(one.name for one in node.names)}
            found += [node.lineno] * bool(named & {"signals", "receiver"})
        if isinstance(node, ast.Attribute) and node.attr in ("signals", "receiver"):
            found.append(node.lineno)
    return found


def test_no_rule_hides_in_a_signal():
    assert len(SOURCES) > 100
    assert {str(p): lines for p in SOURCES if (lines := listens(ast.parse(p.read_text())))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models.signals import post_save",
        "from django.core import signals; signals.request_started.connect(f)",
        "import django.dispatch\n@django.dispatch.receiver(x)\ndef f(): pass",
    ],
)
def test_a_signal_would_be_found(text):
    assert listens(ast.parse(text))


def test_every_rule_that_a_comment_cites_is_in_the_list():
    listed = set(re.findall(r"^\| ([RCTML]\d+) \|", (ROOT / "docs/rules.md").read_text(), re.M))
    cited = {rule for path in SOURCES for rule in RULE.findall(path.read_text())}

    assert cited
    assert cited - listed == set()


def test_every_module_that_calls_itself_pure_is_held_to_it():
    """By the type checker and by the import contract."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    (contract,) = (
        each for each in settings["importlinter"]["contracts"] if each["type"] == "forbidden"
    )
    world = "lcps.demonstration.world"
    pure = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in SOURCES
        if re.search(r"\bPure\b", ast.get_docstring(ast.parse(path.read_text())) or "")
    }
    pure = {name for name in pure if not name.startswith(world)}

    assert len(pure) > 20
    assert set(settings["mypy"]["modules"]) == pure
    assert set(contract["source_modules"]) == pure | {world}


def test_no_banner_divides_a_module():
    """Where one seems needed, there are two subjects."""
    banner = re.compile(r"^\s*# ?[-=]{3,}", re.MULTILINE)

    assert [str(p.relative_to(ROOT)) for p in SOURCES if banner.search(p.read_text())] == []


def is_refusal(node: ast.AST) -> bool:
    """Whether this is made elsewhere, or is `ValidationError(…, code=…)`: it brings its own code."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) != "_"


def has_words(node: ast.Call) -> bool:
    """Whether a refusal is made of bare words, alone or at a field."""
    (given,) = node.args
    if isinstance(given, ast.Dict):
        return not all(map(is_refusal, given.values))
    if isinstance(given, ast.List):
        return not all(map(is_refusal, given.elts))
    return not (is_refusal(given) or isinstance(given, ast.Name | ast.DictComp | ast.ListComp))


def unnamed_refusals(tree: ast.AST) -> list[int]:
    """The lines on which a ValidationError is made of words without a code."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("ValidationError")
        and not any(keyword.arg == "code" for keyword in node.keywords)
        and has_words(node)
    ]


def test_every_refusal_carries_a_code():
    found = {str(p.relative_to(ROOT)): unnamed_refusals(ast.parse(p.read_text())) for p in SOURCES}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "ValidationError(_('Nee.'))",
        "ValidationError({'reason': _('Nee.') % facts})",
        "ValidationError({'reason': said})",
        "serializers.ValidationError({'status': _('Nee.')})",
        "ValidationError({'reason': ValidationError(_('Nee.'))})",
    ],
)
def test_a_refusal_without_code_would_be_found(text):
    assert unnamed_refusals(ast.parse(text))
