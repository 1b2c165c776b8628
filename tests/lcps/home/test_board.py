"""The national board: for whom, in how many queries, and what it says."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from capacity.models import BedPool
from lcps import clock
from regions.models import FairShareKey, FairShareLine
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "demonstration_clock")]

BOARD = "/board"
YESTERDAY = date(2020, 10, 28)


def test_the_board_takes_at_most_twelve_queries_for_any_number_of_sites(
    client_for, django_assert_max_num_queries
):
    client = client_for(factories.user("lcps_coordinator"))
    days = [factories.slot(date(2020, 10, 29) - timedelta(days=back)) for back in range(3)]

    def grow(count: int) -> None:
        for number in range(count):
            site = factories.site(region=factories.region(f"r{number % 11}"))
            for slot in days:
                factories.report(site, slot)

    grow(10)
    client.get(BOARD)
    with django_assert_max_num_queries(12) as small:
        client.get(BOARD)
    grow(30)
    with django_assert_max_num_queries(12) as large:
        client.get(BOARD)
    assert len(small) == len(large)


@pytest.fixture
def late(demonstration_clock, now):
    """Nine o'clock: the hospitals' deadline has passed."""
    clock.set_to(now + timedelta(hours=1))


@pytest.fixture
def country(reference):
    """A full region with a silent site, and an empty one; the key gives each the half."""
    slot = factories.slot()
    key = FairShareKey.objects.create(
        level="ward",
        band_percent=10,
        decision="naar inwoners",
        valid_from=factories.NOW - timedelta(days=30),
    )
    sites = {}
    for code, occupied in (("brabant", 10), ("limburg", 5)):
        region = factories.region(code)
        FairShareLine.objects.create(key=key, region=region, percent=50)
        sites[code] = [factories.site(f"{code}-{number}", region=region) for number in range(5)]
        for site in sites[code]:
            factories.report(site, slot, lines={"ward": {"occ_confirmed": occupied}})
    factories.site("elkerliek", region=factories.region("brabant"))
    return sites


@pytest.mark.usefixtures("late", "country")
def test_a_silent_site_makes_the_totals_a_lower_bound_and_says_so(client_for):
    answer = client_for(factories.user("lcps_coordinator")).get(BOARD)

    assert "1 locatie niet gemeld" in answer.text
    assert "≥ 30" in answer.text
    board = answer.context["board"]
    row = next(row for row in board.rows if row.code == "brabant")
    nation = answer.text.partition("<tfoot")[2]
    sums = [board.nation.load, *(total for _label, total in board.nation.needs)]
    assert not any(total.is_complete for total in [row.load, *sums])
    for total in sums:
        assert f"≥ {total.value}" in nation  # as the tiles above write them
    tiles = {tile.key: tile for tile in board.figures}
    assert re.fullmatch(r"≥ \d+ IC, ≥ \d+ Kliniek", tiles["need"].change_text)
    assert re.fullmatch(r"≥ \d+ van ≥ \d+ open bedden", tiles["icu-other"].note)
    assert tiles["offer"].note.endswith(", van wie meldde")
    assert "Brabant: Elkerliek heeft nog niet gemeld" in answer.text
    assert "10/11" in answer.text


@pytest.mark.usefixtures("late", "country")
@pytest.mark.parametrize("role", ["oversight_reader", "communication", "bed_coordinator"])
def test_who_may_not_see_sites_reads_how_many_and_no_name(client_for, country, role):
    place = {"site": country["limburg"][0]} if role == "bed_coordinator" else {}

    answer = client_for(factories.user(role, **place)).get(BOARD)

    assert "1 locatie heeft nog niet gemeld" in answer.text
    assert "Elkerliek" not in answer.text


@pytest.mark.usefixtures("late", "country")
def test_a_region_reads_the_names_of_its_own_sites_only(client_for):
    own = client_for(factories.user("regional_coordinator", region=factories.region("brabant")))
    other = client_for(factories.user("regional_coordinator", region=factories.region("limburg")))

    assert "Elkerliek" in own.get(BOARD).text
    assert "Elkerliek" not in other.get(BOARD).text


@pytest.mark.usefixtures("late", "country")
def test_the_deviation_stands_in_the_table_and_on_the_map(client_for):
    answer = client_for(factories.user("lcps_coordinator")).get(BOARD)

    # In the row, on the map, and in the name of the map's link.
    assert answer.text.count("+33 %") == 3
    assert "+33 %, boven eerlijk deel" in answer.text
    assert answer.text.index("regio-brabant") < answer.text.index("regio-limburg")


@pytest.mark.usefixtures("late", "country")
def test_without_a_key_no_band_is_shown(client_for):
    client = client_for(factories.user("lcps_coordinator"))
    assert "band ±10 %" in client.get(BOARD).text
    FairShareLine.objects.all().delete()

    answer = client.get(BOARD)

    assert "Er geldt geen verdeelsleutel" in answer.text
    assert "band ±" not in answer.text
    assert "binnen band" not in answer.text


@pytest.mark.usefixtures("country")
def test_while_hospitals_are_asked_nobody_is_late(client_for):
    answer = client_for(factories.user("lcps_coordinator")).get(BOARD)

    assert "De uitvraag van 08:30 loopt: 10 van 11 locaties gemeld" in answer.text
    assert "niet gemeld" not in answer.text
    assert "Elkerliek" not in answer.text


@pytest.mark.usefixtures("country")
def test_a_hold_is_no_longer_free(client_for, country):
    client = client_for(factories.user("lcps_coordinator"))
    assert "1 vastgehouden" not in client.get(BOARD).text

    BedPool.objects.filter(site=country["brabant"][0], level="icu").update(held=1)

    answer = client.get(BOARD)
    assert "1 vastgehouden" in answer.text
    assert "80 bezet, 1 vastgehouden, 5 BOSS, van 100 open" in answer.text
    row = answer.text.partition('id="regio-brabant"')[2].partition("</tr>")[0]
    assert re.search(r'data-label="IC vastg\.">1\s*<', row)


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("measure=free-icu", "Kaart van de regio’s: IC vrij."),
        ("measure=reported", "Kaart van de regio’s: Gemeld."),
        ("measure=nonsense", "Kaart van de regio’s: Afwijking van eerlijk deel."),
        ("measure=free-moon", "Kaart van de regio’s: Afwijking van eerlijk deel."),
        ("basis=icu", "Eerlijk deel: IC COVID"),
        ("sort=name", 'aria-sort="ascending"'),
        ("sort=free-icu", "Landelijk bord"),
        ("sort=nonsense", 'aria-sort="descending"'),
    ],
)
def test_the_address_says_what_is_shown(client_for, asked, said):
    answer = client_for(factories.user("lcps_coordinator")).get(f"{BOARD}?{asked}")

    assert answer.status_code == 200
    assert said in answer.text


@pytest.mark.usefixtures("country")
def test_the_live_stream_gets_the_board_alone(client_for):
    answer = client_for(factories.user("lcps_coordinator")).get(
        BOARD, headers={"HX-Request": "true", "HX-Target": "bord"}
    )

    assert answer.text.lstrip().startswith('<div id="bord" data-live="capacity">')
    assert "<html" not in answer.text


def test_a_board_without_a_call_teaches(client_for):
    answer = client_for(factories.user("lcps_coordinator")).get(BOARD)

    assert "Nog geen uitvraag" in answer.text


def test_regions_are_links_only_for_who_may_open_them(client_for, country):
    url = reverse("capacity:region", kwargs={"region": "brabant"})

    assert url in client_for(factories.user("oversight_reader")).get(BOARD).text
    assert url not in client_for(factories.user("communication")).get(BOARD).text


@pytest.mark.parametrize(
    ("icu", "ward", "said"),
    [
        ((4, 1), (2, 6), "IC 3 minder dan nodig, Kliniek 4 meer dan nodig"),
        ((1, 1), (2, 6), "Kliniek 4 meer dan nodig"),
        ((1, 1), (2, 2), "evenveel als nodig"),
    ],
)
def test_a_ward_bed_makes_up_for_no_ic_bed(client_for, icu, ward, said):
    lines = {
        level: {"need": need, "offer": offer, "open_other": 40}
        for level, (need, offer) in (("icu", icu), ("ward", ward))
    }
    factories.report(factories.site(), factories.slot(), lines=lines)

    page = client_for(factories.user("lcps_coordinator")).get(BOARD).text

    assert said in page
