"""Two people file for one call at once: one report, one who is shown the other's."""

from uuid import uuid4

import pytest

from capacity.models import CapacityReport
from capacity.reports import actions
from capacity.reports.entry import LineEntry, ReportEntry
from tests import factories
from tests.capacity.beds.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LINES = (
    LineEntry("icu", 14, 8, 1, 14, 6, None, None, 2, 0, 0),
    LineEntry("ward", 26, 218, 0, 26, 208, 4, 3, 6, 0, 0),
)


@pytest.fixture
def file(reference):
    site, slot = factories.site(), factories.slot()

    def make(person, submission):
        return actions.file_report(
            site=site,
            slot=slot,
            entry=ReportEntry(factories.NOW, LINES),
            by=person,
            now=factories.NOW,
            submission=submission,
        )

    people = [factories.user("reporter", site=site) for _ in range(4)]
    return lambda numbers: at_once(
        *[lambda p=p, n=n: make(p, n) for p, n in zip(people, numbers, strict=True)]
    )


def test_the_first_report_of_a_site_is_filed_once(file):
    outcomes = file([uuid4() for _ in range(4)])

    assert sum(isinstance(outcome, CapacityReport) for outcome in outcomes) == 1
    assert outcomes.count("lost_update") == 3


def test_one_form_sent_four_times_is_one_report(file):
    outcomes = file([uuid4()] * 4)

    assert len(set(outcomes)) == 1
    assert CapacityReport.objects.get() == outcomes[0]
