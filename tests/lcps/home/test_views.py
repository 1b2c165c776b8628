"""The home page of every role, search and messages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communications.logbook.models import AuditEvent
from communications.models import Message
from communications.post import actions as post
from lcps.home import words
from regions.models import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "demonstration_clock")]

ROLES = sorted(words.QUIET)


@pytest.fixture
def brabant(reference):
    return factories.region("brabant")


@pytest.fixture
def jbz(brabant):
    return factories.site("jbz", region=brabant)


def person(role: str, brabant, jbz):
    scope = Role.objects.get(pk=role).scope
    place = {
        "site": {"site": jbz},
        "region": {"region": brabant},
        "service": {"service": factories.service("rav", region=brabant)},
    }.get(scope, {})
    return factories.user(role, **place)


def test_every_role_has_words_for_when_nothing_waits():
    assert set(words.QUIET) == set(Role.objects.values_list("key", flat=True))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_home(client_for, brabant, jbz, role):
    factories.report(jbz, factories.slot())

    answer = client_for(person(role, brabant, jbz)).get("/")

    assert answer.status_code == 200
    assert "<h1>Nu te doen</h1>" in answer.text
    assert answer.text.count('class="lcps-figure"') == 6


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_home_before_the_first_call(client_for, brabant, jbz, role):
    assert client_for(person(role, brabant, jbz)).get("/").status_code == 200


def test_somebody_without_a_role_reads_whom_to_ask(client_for):
    answer = client_for(factories.user()).get("/")

    assert "geen rol" in answer.text


def test_the_first_task_has_the_one_primary_button(client_for, brabant, jbz):
    factories.slot()

    answer = client_for(factories.user("reporter", site=jbz)).get("/")

    assert "Capaciteit aanleveren" in answer.text
    assert answer.text.count("nl-button--primary") == 1
    assert '<span class="lcps-count">1</span></span>' in answer.text


def test_every_page_has_the_number_of_tasks_that_the_home_page_lists(client_for, brabant, jbz):
    factories.slot()
    client = client_for(factories.user("bed_coordinator", site=jbz))
    listed = client.get(reverse("home")).text.count('class="lcps-task ')

    count = client.get(reverse("task-count")).text
    elsewhere = client.get(reverse("messages")).text

    assert listed and f">{listed}</span>" in count
    assert f'data-live-at-once data-live-url="{reverse("task-count")}"' in elsewhere


def test_an_empty_list_teaches_and_offers_the_one_page_to_go_to(client_for):
    answer = client_for(factories.user("oversight_reader")).get("/")

    assert "geen ziekenhuizen en geen patiënten" in answer.text
    assert answer.text.count("nl-button--primary") == 1


def test_a_hospital_sees_its_own_figures_only(client_for, brabant, jbz):
    slot = factories.slot()
    factories.report(jbz, slot, lines={"icu": {"occ_confirmed": 7}})
    factories.report(factories.site(region=brabant), slot, lines={"icu": {"occ_confirmed": 9}})

    answer = client_for(factories.user("bed_coordinator", site=jbz)).get("/")

    assert "Ziekenhuis Jbz" in answer.text
    assert '<span class="lcps-figure__value">7' in answer.text
    assert "uw ziekenhuis is binnen" in answer.text


def test_the_day_has_now_between_what_was_and_what_comes(client_for):
    factories.slot()

    answer = client_for(factories.user("shift_lead")).get("/")

    day = answer.text[answer.text.index("De dag op de klok") :]
    moments = [day.index(at) for at in (">08:05<", ">08:30<", ">10:00<", ">11:30<", ">12:00<")]
    assert moments == sorted(moments)


def test_the_home_takes_as_many_queries_for_ten_sites_as_for_thirty(
    client_for, brabant, django_assert_max_num_queries
):
    client = client_for(factories.user("lcps_coordinator"))
    slot = factories.slot()

    def grow(count: int) -> None:
        for _ in range(count):
            site = factories.site(region=brabant)
            factories.report(site, slot)
            factories.request_(site, status="national_search")

    grow(10)
    client.get("/")
    with django_assert_max_num_queries(30) as small:
        client.get("/")
    grow(20)
    with django_assert_max_num_queries(30) as large:
        client.get("/")
    assert len(small) == len(large)


# --- search -----------------------------------------------------------------------------------


def search(client, query: str) -> str:
    return client.get(reverse("search"), {"q": query}).text


@pytest.mark.parametrize("typed", ["PMR-2020-000418", "pmr 2020-000418", "418", " 000418 "])
def test_a_request_is_found_by_number(client_for, jbz, typed):
    request = factories.request_(jbz, status="submitted", number="PMR-2020-000418")

    answer = search(client_for(factories.user("lcps_coordinator")), typed)

    assert reverse("transfers:request", kwargs={"number": request.number}) in answer


@pytest.mark.parametrize("role", ["oversight_reader", "privacy_officer", "admin", "analyst"])
def test_who_may_not_see_requests_finds_none(client_for, jbz, role):
    factories.request_(jbz, status="submitted", number="PMR-2020-000418")

    answer = search(client_for(factories.user(role)), "PMR-2020-000418")

    assert "/transfers/requests/" not in answer
    assert "Niets gevonden" in answer


def test_another_hospitals_request_is_not_found(client_for, jbz):
    factories.request_(jbz, status="submitted", number="PMR-2020-000418")
    stranger = factories.user("bed_coordinator", site=factories.site())

    assert "Niets gevonden" in search(client_for(stranger), "418")


def test_a_search_that_showed_requests_is_in_the_logbook_without_what_was_typed(client_for, jbz):
    factories.request_(jbz, status="submitted", number="PMR-2020-000418")

    search(client_for(factories.user("lcps_coordinator")), "418")

    (line,) = AuditEvent.objects.filter(action="search")
    assert (line.kind, line.object_reference) == ("look", "418")


def test_hospitals_are_found_without_accents_and_open_what_one_may_see(client_for, brabant):
    factories.site("mmc", region=brabant, name="Máxima MC", search_name="maxima mc")

    centre = search(client_for(factories.user("lcps_coordinator")), "máxima")
    oversight = search(client_for(factories.user("oversight_reader")), "MAXIMA")
    planner = factories.user("ambulance_planner", service=factories.service(region=brabant))

    assert reverse("capacity:site", kwargs={"site": "mmc"}) in centre
    assert reverse("capacity:region", kwargs={"region": "brabant"}) in oversight
    assert "capacity/sites/mmc" not in oversight
    found = search(client_for(planner), "maxima")
    assert "Máxima MC" in found
    assert "/capacity/" not in found


def test_a_region_is_found_by_name(client_for, brabant):
    answer = search(client_for(factories.user("lcps_coordinator")), "braba")

    assert reverse("capacity:region", kwargs={"region": "brabant"}) in answer


@pytest.mark.parametrize("typed", ["", " ", "x"])
def test_too_little_to_search_for_teaches(client_for, typed):
    assert "Waar zoekt u naar?" in search(client_for(factories.user("analyst")), typed)


@pytest.mark.parametrize("typed", ["%%", "'; drop", "<script>", "a" * 5000, "\x00\x00a"])
def test_odd_questions_find_nothing_and_break_nothing(client_for, typed):
    answer = client_for(factories.user("lcps_coordinator")).get(reverse("search"), {"q": typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


# --- messages ---------------------------------------------------------------------------------


def letter(to, event: str, *, at, link: str = "/board", asks: str = "") -> Message:
    post.queue(
        "sitrep_accepted",
        event=event,
        to=[to],
        variables={"region": event, "day": "29-10-2020", "count": 1},
        link=link,
        at=at,
        asks=asks,
        channels=[Message.Channel.IN_APP],
    )
    return Message.objects.get(event=event)


def test_unread_messages_come_first_then_the_newest(client_for, now):
    me = factories.user("analyst")
    for minutes, event in enumerate(("oudste", "middelste", "nieuwste")):
        letter(me, event, at=now + timedelta(minutes=minutes))
    post.mark_read(
        messages=Message.objects.filter(event="nieuwste").values_list("pk", flat=True),
        by=me,
        at=now,
    )

    text = client_for(me).get("/messages").text

    places = [text.index(event) for event in ("middelste", "oudste", "nieuwste")]
    assert places == sorted(places)
    assert "2 ongelezen" in text


def test_a_message_whose_question_was_answered_is_done_and_stays_readable(client_for, now):
    me, colleague = factories.user("analyst"), factories.user("analyst")
    for who in (me, colleague):
        letter(who, f"gevraagd-{who.pk}", at=now, asks="report:jbz:1")
    letter(me, "een ander", at=now, asks="report:umcu:1")

    post.mark_done("report:jbz:1", at=now)

    text = client_for(me).get("/messages").text
    assert "1 ongelezen" in text
    assert text.index("een ander") < text.index("gedaan</span>") < text.index(f"gevraagd-{me.pk}")
    assert "0 ongelezen" in client_for(colleague).get("/messages").text

    mine = Message.objects.filter(event=f"gevraagd-{me.pk}")
    post.mark_read(messages=mine.values_list("pk", flat=True), by=me, at=now)
    assert mine.get().read_at == now


def test_opening_a_message_reads_it_and_goes_where_it_points(client_for, now):
    me = factories.user("analyst")
    mine = letter(me, "a", at=now)

    answer = client_for(me).post("/messages", {"open": mine.pk})

    mine.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/board")
    assert mine.read_at is not None


def test_all_messages_are_ticked_off_at_once(client_for, now):
    me = factories.user("analyst")
    for number in range(3):
        letter(me, str(number), at=now)

    client_for(me).post("/messages", {"read": "all"})

    assert not Message.objects.filter(read_at=None).exists()


def test_another_persons_message_is_neither_read_nor_followed(client_for, now):
    theirs = letter(factories.user("analyst"), "a", at=now, link="/logbook")

    answer = client_for(factories.user("analyst")).post("/messages", {"open": theirs.pk})

    theirs.refresh_from_db()
    assert answer.url == "/messages"
    assert theirs.read_at is None


@pytest.mark.parametrize("link", ["//evil.example", "https://evil.example", ""])
def test_a_link_out_of_the_house_is_not_followed(client_for, now, link):
    me = factories.user("analyst")
    mine = letter(me, "a", at=now, link=link)

    assert client_for(me).post("/messages", {"open": mine.pk}).url == "/messages"


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40])
def test_a_message_that_does_not_exist_changes_nothing(client_for, now, typed):
    me = factories.user("analyst")
    letter(me, "a", at=now)

    assert client_for(me).post("/messages", {"read": typed}).url == "/messages"
    assert Message.objects.filter(read_at=None).count() == 1


def test_an_empty_inbox_teaches(client_for):
    assert "Nog geen berichten" in client_for(factories.user("analyst")).get("/messages").text
