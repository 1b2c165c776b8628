"""The API's edges: what it reads, how it refuses, and what it says about itself."""

import io
import json
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation
from drf_spectacular.validation import validate_schema
from rest_framework import exceptions, serializers

from lcps.api import MOST_DEPTH, StrictJSONParser, TooLarge, problem
from lcps.errors import API_VERSION, PROBLEM
from tests import factories

MEGABYTE = 1_048_576


def parse(body):
    raw = body.encode() if isinstance(body, str) else body
    return StrictJSONParser().parse(io.BytesIO(raw))


# ----- what it reads --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("{}", {}),
        (
            '{"a": [1, 2.5, -3e2, true, null, "é\\u20ac"]}',
            {"a": [1, 2.5, -300.0, True, None, "é€"]},
        ),
        (' {"a" : "\\\\u0000"} \n', {"a": "\\u0000"}),
        ('{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
        ("[" * MOST_DEPTH + "]" * MOST_DEPTH, None),
    ],
)
def test_good_json_is_read(body, value):
    assert parse(body) == value or value is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "{",
        '{"a": 1,}',
        "{'a': 1}",
        '{"a": 1} x',
        '{"a": 1}{"a": 2}',
        '{"a": 1, "a": 2}',
        '{"b": {"a": 1, "\\u0061": 2}}',
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": "\\u0000"}',
        '{"a\\u0000": 1}',
        '{"a": "\0"}',
        '{"a": "\\ud800"}',
        '{"\\udfff": 1}',
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        '{"a": "x\ty"}',
        "{\xa0}",
        "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1),
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_bad_json_is_refused(body):
    with pytest.raises(exceptions.ParseError, match="Deze JSON is niet te lezen"):
        parse(body)


def test_a_megabyte_is_the_most():
    fits = '"' + "x" * (MEGABYTE - 2) + '"'

    assert len(parse(fits)) == MEGABYTE - 2
    with pytest.raises(TooLarge):
        parse(fits + " ")


# ----- how it refuses -------------------------------------------------------------------------------


@pytest.fixture
def reporter(reference, demonstration_clock, client_for):
    site = factories.site("near")
    client = client_for(factories.user("reporter", site=site))
    client.raise_request_exception = False
    client.address = reverse("api:site-reports", kwargs={"site": site.code})
    return client


def send(client, body, kind="application/json", **extra):
    return client.generic("POST", client.address, body, kind, **extra)


def checked(response, status):
    """The body of a refusal, which is always of one form."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM
    assert response.headers["API-Version"] == API_VERSION
    body = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    assert all({"code", "detail"} <= error.keys() for error in body["errors"])
    assert body["errors"]
    return body


def test_unreadable_body(reporter):
    assert "JSON" in checked(send(reporter, '{"a": 1, "a": 2}'), 400)["detail"]


def test_all_errors_at_once(reporter):
    fields = {
        error.get("field")
        for error in checked(send(reporter, '{"lines": {"icu": {"offer": "1_000"}}}'), 400)[
            "errors"
        ]
    }

    assert {"submission", "measuredAt", "lines.icu.offer"} <= fields


@pytest.mark.parametrize(
    "value", ["1_000", "１２", "12,5", "12.0", " 12", "", True, 12.5, -1, 1e30, []]
)
def test_numbers_are_exact_or_refused(reporter, value):
    body = json.dumps({"lines": {"icu": {"offer": value}}})

    fields = {e.get("field") for e in checked(send(reporter, body), 400)["errors"]}

    assert "lines.icu.offer" in fields


def test_nobody_signed_in(db):
    refused = Client().get(reverse("api:requests"))

    checked(refused, 401)
    assert refused.headers["WWW-Authenticate"].startswith("Cookie")


def test_wrong_role_and_missing_token(reporter):
    checked(reporter.get("/api/v1/requests/PMR-2020-000001/offers"), 405)
    checked(reporter.post("/api/v1/offers/1/refusal", "{}", content_type="application/json"), 403)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies, strict.address = reporter.cookies, reporter.address
    assert "CSRF" in checked(send(strict, "{}"), 403)["detail"]


def test_no_such_address_and_nobody_elses(reporter):
    foreign = factories.site("far").code

    unknown = checked(reporter.get("/api/v1/sites/nergens/reports"), 404)
    hidden = checked(reporter.get(f"/api/v1/sites/{foreign}/reports"), 404)

    assert unknown == hidden
    checked(reporter.get("/api/v1/nergens"), 404)
    checked(Client().get("/api/v1/nergens"), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods(reporter, method):
    refused = reporter.generic(method, reporter.address)

    checked(refused, 405)
    assert refused.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/html",
    ],
)
def test_other_kinds_of_body(reporter, kind):
    checked(send(reporter, "a=1", kind), 415)


def test_other_kinds_of_answer(reporter):
    checked(reporter.get(reporter.address, headers={"accept": "text/html"}), 406)


def test_too_large_body(reporter):
    checked(send(reporter, '"' + "x" * MEGABYTE + '"'), 413)


def test_bug_says_nothing_of_itself(reporter, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret 4711")

    monkeypatch.setattr("capacity.reports.history.fortnight", broken)

    refused = reporter.get(reporter.address)

    checked(refused, 500)
    assert "4711" not in refused.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValidationError("Te laat.", code="expired"), 409),
        (ValidationError({"beds": ["Te veel.", "Vreemd."], "__all__": ["Samen fout."]}), 409),
        (PermissionDenied(), 403),
        (Http404(), 404),
        (exceptions.Throttled(wait=2.5), 429),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.ValidationError({"a": [{"b": ["x"]}, {}]}), 400),
    ],
)
def test_refusals_of_rules_are_problems_too(error, status, db):
    answer = problem(error, {})

    assert answer.status_code == answer.data["status"] == status
    assert answer.content_type == PROBLEM
    assert answer.headers["API-Version"] == API_VERSION


def test_errors_name_their_field_and_code():
    fields = problem(ValidationError({"beds": ["Te veel."], "__all__": ["Samen."]}), {}).data[
        "errors"
    ]
    general = problem(ValidationError("Te laat.", code="expired"), {}).data["errors"]
    nested = problem(exceptions.ValidationError({"a": [{}, {"b": ["x"]}]}), {}).data["errors"]

    assert [e.get("field") for e in fields] == ["beds", None]
    assert general == [{"code": "expired", "detail": "Te laat."}]
    assert nested[0]["field"] == "a.1.b"


def test_throttled_says_when_to_come_back(db):
    assert problem(exceptions.Throttled(wait=2.5), {}).headers["Retry-After"] == "3"


def test_bug_is_left_to_the_error_log(db):
    assert problem(RuntimeError(), {}) is None


WRONG = [None, 5, -7, 0.25, True, "", "?", "x" * 5000, [], [1], {}, {"?": 1}]


def taken():
    """Every serializer of ours that a body is read with, and the field of ours it is wrong in."""
    import_module("lcps.api_urls")
    todo, found = [serializers.Serializer], []
    while todo:
        kinds = todo.pop().__subclasses__()
        todo += kinds
        found += [one for one in kinds if one.__module__.split(".")[0] in ("capacity", "transfers")]
    return [one for one in found if any(not field.read_only for field in one().fields.values())]


def refusals(kind, data):
    """Field, code and sentence of what is wrong with a body, as the API answers it."""
    read = kind(data=data)
    if read.is_valid():
        return []
    rows = problem(exceptions.ValidationError(read.errors), {}).data["errors"]
    return [(row.get("field"), row["code"], row["detail"]) for row in rows]


def test_every_body_is_refused_in_the_language_of_the_reader(reference):
    read_from = [kind for kind in taken() if not kind.__name__.startswith("FreeBeds")]
    seen = set()

    for kind in read_from:
        bodies = [{}, [], None, *({name: wrong} for name in kind().fields for wrong in WRONG)]
        for body in bodies:
            with translation.override("nl"):
                dutch = refusals(kind, body)
            with translation.override("en"):
                english = refusals(kind, body)
            assert [row[:2] for row in dutch] == [row[:2] for row in english]
            for (_f, _c, nl), (_g, _d, en) in zip(dutch, english, strict=True):
                assert nl != en, (kind, body)
                assert not nl.startswith(("Dit veld", "Zorg ervoor", "Een geldig", "Ongeldig"))
            seen |= {row[1] for row in dutch}

    assert {kind.__name__ for kind in read_from} >= {"ReportSerializer", "AskSerializer"}
    assert {"required", "null", "blank", "invalid", "unknown", "max_length"} <= seen


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"remark": 5}, "remark", "“5” is geen tekst. Stuur tekst tussen aanhalingstekens."),
        ({"remark": True}, "remark", "“true” is geen tekst. Stuur tekst tussen aanhalingstekens."),
        (
            {"submission": 5},
            "submission",
            "“5” is geen UUID. Stuur er een tussen aanhalingstekens.",
        ),
        ({}, "submission", "Vul dit in."),
        ({"colour": 1}, "colour", "Deze naam kent LCPS niet."),
        ({"lines": 3}, "lines", "“3” is geen object."),
        ({"lines": {"icu": {"offer": "4"}}}, "lines.icu.offer", "“4” is geen heel getal."),
        ({"call": "1"}, "call", "“1” is geen heel getal. Stuur een heel getal, zonder"),
        ({"measuredAt": "nu"}, "measuredAt", "“nu” is geen moment."),
    ],
)
def test_a_refusal_names_field_value_and_remedy(reporter, body, field, said):
    rows = checked(send(reporter, json.dumps(body)), 400)["errors"]

    assert [row["detail"] for row in rows if row["field"] == field][0].startswith(said)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Http404(), "Dit adres is er niet, of niet voor u."),
        (PermissionDenied(), "Dit mag u met deze rol niet doen."),
        (exceptions.NotAuthenticated(), "Log opnieuw in."),
        (exceptions.MethodNotAllowed("PUT"), "Dit adres kent deze methode niet."),
        (exceptions.UnsupportedMediaType("x"), "Stuur JSON, met Content-Type application/json."),
        (exceptions.NotAcceptable(), "LCPS antwoordt in JSON. Vraag application/json."),
        (exceptions.Throttled(wait=2.5), "Dit is te vaak. Probeer het straks opnieuw."),
        (TooLarge(), "Dit verzoek is te groot."),
    ],
)
def test_refusals_speak_as_the_pages_do(error, said, db):
    assert problem(error, {}).data["detail"] == said


# ----- what it says about itself --------------------------------------------------------------------


def test_description_is_valid_and_complete(client, db):
    answer = client.get(reverse("api:openapi"))
    document = answer.json()

    validate_schema(document)
    assert answer.headers["API-Version"] == API_VERSION == document["info"]["version"]
    described = {path.partition("{")[0] for path in document["paths"]}
    assert {"/requests", "/free-beds", "/sites/", "/offers/"} <= described
    assert all(
        operation.get("description") and "responses" in operation
        for path in document["paths"].values()
        for operation in path.values()
    )
