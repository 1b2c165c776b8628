"""The factories make what the tables accept."""

import pytest

from capacity.models import BedPool
from tests import factories


@pytest.mark.django_db
def test_factories_make_a_small_world(reference, client_for):
    site = factories.site()
    factories.report(site, factories.slot())
    factories.request_(site, status="national_search")
    coordinator = factories.user("regional_coordinator", region=site.region)

    assert [p.free_beds for p in BedPool.objects.all()] == [3, 3]
    assert coordinator.has_perm("regions.coordinate_region", site.region)
    assert not coordinator.has_perm("regions.coordinate_region", factories.region())
