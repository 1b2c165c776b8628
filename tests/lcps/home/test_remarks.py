"""What stands out, from figures a person can check."""

from datetime import timedelta

import pytest
from django.utils import translation

from capacity.picture.selectors import national_picture
from lcps.home.remarks import remarks
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def said(now, lines, before=None, sees=True) -> list[str]:
    slot, yesterday = factories.slot(), factories.slot(factories.NOW.date() - timedelta(days=1))
    site = factories.site("jbz", region=factories.region("brabant"))
    factories.report(site, yesterday, lines=before or {})
    factories.report(site, slot, lines=lines)
    with translation.override("nl"):
        return remarks(national_picture(slot, now), lambda _region: sees)


def test_nothing_stands_out(now):
    assert said(now, {}) == []


def test_overfull_with_patients_to_place(now):
    lines = {"icu": {"occ_other": 13, "need": 3}}

    assert said(now, lines) == ["Brabant: IC 2 overvol, 3 te plaatsen"]


@pytest.mark.parametrize(("need", "found"), [(0, []), (1, ["Brabant: IC vol, 1 te plaatsen"])])
def test_full_is_said_only_where_patients_must_leave(now, need, found):
    assert said(now, {"icu": {"occ_other": 11, "need": need}}) == found


@pytest.mark.parametrize(("today", "stands_out"), [(2, True), (3, False)])
def test_an_offer_that_halved(now, today, stands_out):
    found = said(now, {"ward": {"offer": today}}, {"ward": {"offer": 4}})

    assert found == (["Brabant: aanbod Kliniek van 4 naar 2"] if stands_out else [])


@pytest.mark.parametrize(("today", "stands_out"), [(18, True), (17, False)])
def test_a_rise_in_a_day(now, today, stands_out):
    wide = {"open_cohort": 40}
    found = said(now, {"ward": wide | {"occ_confirmed": today}}, {"ward": wide})

    assert found == (["Brabant: Kliniek COVID 10 erbij in een dag"] if stands_out else [])


def test_missing_sites_are_named_to_who_may_see_them(now):
    factories.site("elkerliek", region=factories.region("brabant"))
    at = now + timedelta(hours=1)

    assert said(at, {}) == ["Brabant: Elkerliek heeft nog niet gemeld"]


def test_missing_sites_are_counted_for_others(now):
    for name in ("elkerliek", "bernhoven"):
        factories.site(name, region=factories.region("brabant"))
    at = now + timedelta(hours=1)

    assert said(at, {}, sees=False) == ["Brabant: 2 locaties hebben nog niet gemeld"]
