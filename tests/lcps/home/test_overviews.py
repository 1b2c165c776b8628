"""Six figures of what a role looks after."""

import pytest

from communications.logbook import actions as logbook
from lcps.home.overviews import overview
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_only_a_request_that_was_opened_counts_as_opened(now):
    officer = factories.user("privacy_officer")
    for about in (
        ("request", "PMR-2020-000418"),
        ("request", "PMR-2020-000418"),
        ("request", "PMR-2020-000423"),
        ("requests", "board"),
        ("requests", "rides"),
        ("search", "418"),
        ("logbook", "logbook"),
    ):
        logbook.look(sentence="Bekeken", about=about, by=officer, at=now)

    figures = {figure.key: figure.value for figure in overview(officer, None, now).figures}

    assert (figures["opened"], figures["looks"]) == ("2", "7")
