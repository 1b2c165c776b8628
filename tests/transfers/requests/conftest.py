"""Who has to do with a request of one hospital."""

import pytest

from tests import factories


@pytest.fixture
def world(reference, demonstration_clock):
    site = factories.site()
    return {
        "site": site,
        "physician": factories.user("treating_physician", site=site),
        "coordinator": factories.user("bed_coordinator", site=site),
        "region": factories.user("regional_coordinator", region=site.region),
        "lcps": factories.user("lcps_coordinator"),
        "medical": factories.user("medical_officer"),
        "outsider": factories.user("treating_physician", site=factories.site()),
    }
