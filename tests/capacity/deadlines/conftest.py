"""A small country: one region with one hospital that answers, one elsewhere, and who is told."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests import factories

DAY = date(2020, 10, 29)


@pytest.fixture
def at():
    """A Dutch wall time in winter, as an instant."""

    def moment(clock: str, day: date = DAY) -> datetime:
        return datetime.fromisoformat(f"{day}T{clock}+01:00").astimezone(UTC)

    return moment


@pytest.fixture
def world(reference):
    region = factories.region("west", name="West")
    site = factories.site("noord", region=region, name="'s Heeren & Zn")
    elsewhere = factories.site("elders", region=factories.region("oost", name="Oost"))
    return SimpleNamespace(
        region=region,
        site=site,
        elsewhere=elsewhere,
        reporter=factories.user("reporter", site=site),
        beds=factories.user("bed_coordinator", site=site),
        physician=factories.user("treating_physician", site=site),
        coordinator=factories.user("regional_coordinator", region=region),
        analyst=factories.user("regional_analyst", region=region),
        lead=factories.user("shift_lead"),
        desk=factories.user("lcps_coordinator"),
        stranger=factories.user("reporter", site=elsewhere),
    )


@pytest.fixture
def sign():
    """A region signs its picture."""
    from capacity.picture.models import RegionalSitrep

    def make(region, slot, when, **fields):
        defaults = {
            "version": 1,
            "submission": uuid4(),
            "status": "submitted",
            "pressure": "green",
            "sentence": "rustig",
            "limiting_factor": "beds",
            "totals": {},
            "submitted_name": "x",
        }
        return RegionalSitrep.objects.create(
            region=region, slot=slot, submitted_at=when, **defaults | fields
        )

    return make
