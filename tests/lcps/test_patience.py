"""A lock that did not come is tried again; what stays busy is 503 with when to come back."""

import time

import psycopg
import pytest
from django.db import Error, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg_pool import PoolTimeout

from lcps import errors, patience


class Lock(psycopg.OperationalError):
    sqlstate = "55P03"


class Deadlock(psycopg.OperationalError):
    sqlstate = "40P01"


class Gone(psycopg.OperationalError):
    sqlstate = "57P01"


class Slow(psycopg.OperationalError):
    sqlstate = "57014"


class Full(psycopg.OperationalError):
    sqlstate = "53100"


def trouble(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.fixture(autouse=True)
def outside_a_transaction(monkeypatch):
    monkeypatch.setattr(patience, "connection", type("Free", (), {"in_atomic_block": False}))


def run(view, method="POST", **sent):
    request = RequestFactory().generic(method, "/api/v1/x", **sent)
    middleware = patience.middleware(lambda request: HttpResponse())
    return middleware.process_view(request, view, (), {})


def failing(times, cause):
    """A view that fails some times and counts how often it was asked."""
    asked = []

    def view(request):
        asked.append(request.body)
        if len(asked) <= times:
            raise trouble(cause)
        return HttpResponse("done")

    return view, asked


@pytest.mark.parametrize("cause", [Lock(), Deadlock()])
def test_a_view_that_waited_in_vain_is_asked_again_with_the_same_body(cause):
    view, asked = failing(2, cause)

    answer = run(view, data=b'{"a": 1}', content_type="application/json")

    assert answer.content == b"done"
    assert asked == [b'{"a": 1}'] * 3


def test_after_three_tries_it_is_enough():
    view, asked = failing(9, Lock())

    with pytest.raises(OperationalError):
        run(view)
    assert len(asked) == patience.MOST_TRIES


def test_other_trouble_is_not_repeated():
    for cause in (Gone(), PoolTimeout()):
        view, asked = failing(1, cause)
        with pytest.raises(OperationalError):
            run(view)
        assert len(asked) == 1


def test_inside_a_transaction_nothing_is_repeated(monkeypatch):
    monkeypatch.setattr(patience.connection, "in_atomic_block", True)
    view, asked = failing(1, Lock())

    with pytest.raises(OperationalError):
        run(view)
    assert len(asked) == 1


def test_reading_is_left_alone():
    view, asked = failing(0, Lock())

    assert run(view, method="GET") is None
    assert asked == []


@pytest.mark.parametrize("address", ["/api/v1/x", "/transfers/x"])
@pytest.mark.parametrize(
    ("cause", "status"),
    [(Lock(), 503), (PoolTimeout(), 503), (Gone(), 503), (Slow(), 503), (Full(), 500)],
)
def test_what_stays_busy_says_when_to_come_back(address, cause, status):
    request = RequestFactory().post(address)
    try:
        raise trouble(cause)
    except OperationalError:
        answer = errors.broken(request)

    assert answer.status_code == status
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/api/v1/x", "/transfers/x"])
def test_a_database_that_goes_away_in_the_middle_says_when_to_come_back(address):
    request = RequestFactory().post(address)
    answers = []

    with connection.cursor() as cursor:
        for query in ("SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"):
            try:
                cursor.execute(query)
            except Error:
                answers.append(errors.broken(request))
    connection.close()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("Retry-After" in answer for answer in answers)
    assert all("uw wijziging er staat" in answer.text for answer in answers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/api/v1/x", "/transfers/x"])
@pytest.mark.parametrize(
    ("queries", "said"),
    [
        (("SET statement_timeout = 20", "SELECT pg_sleep(2)"), "is niets opgeslagen"),
        (("SET idle_in_transaction_session_timeout = 20", "SELECT 1"), "uw wijziging er staat"),
    ],
)
def test_a_time_limit_of_the_database_says_when_to_come_back(address, queries, said):
    request = RequestFactory().post(address)
    answers = []

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query)
                time.sleep(0.3)
    except Error:
        answers.append(errors.broken(request))
    connection.close()

    assert [answer.status_code for answer in answers] == [503]
    assert "Retry-After" in answers[0]
    assert said in answers[0].text
