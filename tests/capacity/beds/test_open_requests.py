"""How many patients of a site wait to leave on a request, as transfers counts them."""

import logging

import pytest
from django.db import IntegrityError, transaction

from capacity.beds import actions
from capacity.beds.selectors import open_requests
from capacity.models import OpenRequests
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(reference):
    return factories.site()


def count(site, level, *changes):
    for change in changes:
        actions.count_request(site=site, level=level, change=change)


def test_requests_are_counted_by_site_and_level(site):
    elsewhere = factories.site()

    count(site, "icu", 1, 1)
    count(site, "ward", 1, -1)
    count(elsewhere, "icu", 1)

    assert open_requests(site) == {"icu": 2, "ward": 0}
    assert open_requests(elsewhere) == {"icu": 1}


@pytest.mark.parametrize("before", [(), (1, -1)])
def test_a_count_below_zero_is_told_and_refuses_nobody(site, caplog, before):
    count(site, "icu", *before)

    with caplog.at_level(logging.ERROR, logger="lcps.capacity"):
        count(site, "icu", -1)

    assert open_requests(site).get("icu", 0) == 0
    assert [record.fields for record in caplog.records] == [
        {"site": site.code, "care_level": "icu"}
    ]


@pytest.mark.parametrize("requests", [(-1,), (1, 2)])
def test_the_database_keeps_one_count_and_none_below_zero(site, requests):
    with pytest.raises(IntegrityError), transaction.atomic():
        for number in requests:
            OpenRequests.objects.create(site=site, level_id="icu", requests=number)
