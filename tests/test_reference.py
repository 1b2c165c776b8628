"""The reference data loads, twice, without a difference."""

import pytest
from django.core.management import call_command

from regions.models import AmbulanceService, FairShareKey, Region, Role, Setting, Site
from regions.phases import selectors as phases
from tests import factories


@pytest.mark.django_db
def test_load_reference_is_repeatable():
    call_command("load_reference", verbosity=0)
    first = [
        m.objects.count() for m in (Region, Site, Role, AmbulanceService, Setting, FairShareKey)
    ]

    call_command("load_reference", verbosity=0)

    assert first == [
        m.objects.count() for m in (Region, Site, Role, AmbulanceService, Setting, FairShareKey)
    ]
    assert first[0] == 11 and first[1] == 117


@pytest.mark.django_db
def test_fair_shares_sum_to_one():
    call_command("load_reference", verbosity=0)

    for level in ("icu", "ward"):
        key, shares = phases.fair_shares(level, factories.NOW)
        assert key is not None and len(shares) == 11
        assert sum(shares.values()) == pytest.approx(1)
