"""Free beds over the API, to whom they may be seen."""

import pytest
from django.urls import reverse

from capacity.beds import actions
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]


@pytest.fixture
def sites(reference, now):
    sites = [factories.site("a"), factories.site("b")]
    for site in sites:
        actions.refresh_pools(report=factories.report(site, factories.slot()), now=now)
    return sites


def ask(client, **query):
    return client.get(reverse("api:free-beds"), query)


def test_each_sees_its_own(client_for, sites):
    own, other = sites

    reporter = ask(client_for(factories.user("reporter", site=own))).json()
    desk = ask(client_for(factories.user("lcps_coordinator")), level="icu").json()

    assert {bed["site"] for bed in reporter["results"]} == {own.code}
    assert [bed["site"] for bed in desk["results"]] == [own.code, other.code]
    assert (
        desk["results"][0] | {"free": 3, "held": 0, "age": "fresh", "counts": True}
        == desk["results"][0]
    )


def test_filters_narrow_and_never_widen(client_for, sites):
    own, other = sites
    client = client_for(factories.user("reporter", site=own))

    assert ask(client, site=other.code).json()["results"] == []
    assert len(ask(client, region=own.region.code).json()["results"]) == 2


@pytest.mark.parametrize(
    "query", [{"level": "roof"}, {"site": "a\x00"}, {"region": "x" * 5000}, {"level": "icu'--"}]
)
def test_a_filter_that_does_not_exist_is_named(client_for, sites, query):
    answer = ask(client_for(factories.user("lcps_coordinator")), **query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == next(iter(query))
