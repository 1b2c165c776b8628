"""Reports over the API: strict shape, the rules of the page, every error at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from capacity.models import CapacityReport
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_clock")]

ICU = {
    "openCohort": 14,
    "openOther": 8,
    "reserve": 1,
    "occConfirmed": 14,
    "occOther": 6,
    "new24h": 2,
    "offer": 0,
    "need": 0,
}
WARD = {
    "openCohort": 26,
    "openOther": 218,
    "occConfirmed": 26,
    "occOther": 208,
    "new24h": 6,
    "offer": 0,
    "need": 2,
}


@pytest.fixture
def send(client_for, site, slot):
    """send(icu={...}, measuredAt=...) posts a good body but for what is said."""
    person = factories.user("reporter", site=site)

    def post(icu=None, by=person, raw=None, **fields):
        body = {
            "submission": str(uuid4()),
            "measuredAt": "2020-10-29T08:00:00+01:00",
            "lines": {"icu": ICU | (icu or {}), "ward": WARD},
        } | fields
        address = reverse("api:site-reports", kwargs={"site": site.code})
        return client_for(by).post(
            address, body if raw is None else raw, content_type="application/json"
        )

    return post


def errors(answer, status):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {e.get("field", ""): e["code"] for e in answer.json()["errors"]}


def test_a_report_is_filed_and_read_back(send, client_for, site, slot, now):
    made = send()

    assert made.status_code == 201
    assert made.json()["lines"]["icu"]["free"] == 1
    reader = factories.user("regional_coordinator", region=site.region)
    page = client_for(reader).get(reverse("api:site-reports", kwargs={"site": site.code})).json()
    assert page["call"]["id"] == slot.pk
    assert "reserve" not in page["call"]["asks"]["lines"]["ward"]
    assert [r["id"] for r in page["reports"]] == [made.json()["id"]]
    assert page["reports"][0]["measuredAt"] == "2020-10-29T07:00:00Z"


@pytest.mark.parametrize("value", ["12", "12,5", 12.0, 12.5, -1, True, [], {}, 10**9, 10**400])
def test_only_whole_numbers_are_numbers(send, value):
    assert "lines.icu.openOther" in errors(send(icu={"openOther": value}), 400)
    assert not CapacityReport.objects.exists()


def test_every_misshapen_field_is_named_at_once(send):
    found = errors(
        send(
            icu={"opneOther": 1, "need": "x"}, measuredAt="gisteren", colour="red", submission="7"
        ),
        400,
    )

    assert found == {
        "lines.icu.opneOther": "unknown",
        "lines.icu.need": "invalid",
        "measuredAt": "invalid",
        "colour": "unknown",
        "submission": "invalid",
    }


def test_every_broken_rule_is_named_at_once(send):
    found = errors(
        send(
            icu={"offer": 2, "need": None, "suspected": 301},
            measuredAt="2020-10-29T09:00:00+01:00",
            extras={"ventilatorsOwned": 2, "ventilatorsUsed": 3},
            stops={"ed": {"why": "because", "until": "2020-10-29T07:00:00Z"}},
        ),
        409,
    )

    assert found == {
        "lines.icu.offer": "offer_over_free",
        "lines.icu.need": "required",
        "lines.icu.suspected": "too_high",
        "measuredAt": "in_future",
        "extras.ventilatorsUsed": "used_over_owned",
        "stops.ed.until": "stop_has_ended",
        "stops.ed.why": "unknown_stop",
    }


def test_a_warning_needs_a_reason_under_the_same_name(send, site, slot):
    factories.report(
        site,
        factories.slot(slot.day - timedelta(days=1)),
        lines={
            "icu": {"open_cohort": 30, "occ_confirmed": 14},
            "ward": {"open_cohort": 26, "open_other": 218, "occ_confirmed": 26, "occ_other": 208},
        },
    )

    (field,) = errors(send(), 409)
    assert field == "lines.icu.openCohort"
    assert send(reasons={field: {"code": "scale_down"}}).status_code == 201


def test_an_old_version_is_a_conflict(send):
    first = send().json()["id"]

    assert errors(send(), 409) == {"": "lost_update"}
    reason = {"report": {"code": "correction"}}
    second = send(basedOn=first, reasons=reason)
    assert second.status_code == 201
    assert second.json()["version"] == 2


def test_the_same_submission_with_other_figures_is_a_conflict(send):
    number = str(uuid4())
    send(submission=number)

    assert errors(send({"occOther": 5}, submission=number), 409) == {"": "lost_update"}
    assert CapacityReport.objects.get().lines.get(level="icu").occ_other == 6


def test_the_same_submission_twice_is_one_report(send):
    number = str(uuid4())

    assert send(submission=number).json()["id"] == send(submission=number).json()["id"]
    assert CapacityReport.objects.count() == 1


def test_another_site_does_not_exist(client_for, site, slot):
    stranger = factories.user("reporter", site=factories.site())
    address = reverse("api:site-reports", kwargs={"site": site.code})

    assert client_for(stranger).get(address).status_code == 404
    body = {"lines": {}}
    assert (
        client_for(stranger).post(address, body, content_type="application/json").status_code == 404
    )


@pytest.mark.parametrize(
    "body", ["[]", "null", '"x"', "{}", "{", '{"lines": []}', '{"lines": {"icu": []}}']
)
def test_bodies_of_another_shape_are_refused(send, body):
    assert errors(send(raw=body), 400)


def test_a_level_that_is_not_asked_is_refused(send):
    found = errors(send(lines={"icu": ICU, "ward": WARD, "roof": WARD | {"reserve": 0}}), 409)

    assert "unknown_level" in found.values()
    assert not CapacityReport.objects.exists()


def test_an_unknown_call_is_refused(send):
    assert errors(send(call=999_999), 400) == {"call": "unknown"}
