"""Pages of requests, asked by the sender, the centre and an outsider."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from communications.logbook.models import AuditEvent
from lcps import clock
from tests import factories
from tests.transfers.requests.typed import TYPED
from transfers.models import TransferRequest
from transfers.requests import labels
from transfers.requests import status as states
from transfers.requests.forms import GROUPS

pytestmark = pytest.mark.django_db


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


def looks(number):
    return AuditEvent.objects.about("request", number).filter(kind="look").count()


def page(request, name="request"):
    return reverse(f"transfers:{name}", kwargs={"number": request.number})


def step(request, name):
    return reverse("transfers:step", kwargs={"number": request.number, "step": name})


# --- looking ----------------------------------------------------------------------------------


def test_opening_a_request_writes_one_line(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)
    client = client_for(world["lcps"])

    first = client.get(page(request))

    assert first.status_code == 200
    assert looks(request.number) == 1
    client.get(page(request))
    assert looks(request.number) == 2


def test_a_page_that_refreshes_itself_is_the_same_look_for_a_while(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)
    client = client_for(world["lcps"])

    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 1  # nothing was opened before: it counts
    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 1

    clock.set_to(now + timedelta(minutes=16))
    client.get(page(request), headers={"HX-Request": "true"})
    assert looks(request.number) == 2


@pytest.mark.parametrize("name", ["request", "edit", "values"])
def test_a_foreign_request_does_not_exist(world, client_for, name):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["outsider"]).get(page(request, name))

    assert answer.status_code == 404
    assert looks(request.number) == 0


def test_a_step_on_a_foreign_request_does_not_exist(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["outsider"]).post(step(request, "withdraw"), {"version": "1"})

    assert answer.status_code == 404


def test_a_condition_of_the_medical_officer_stands_apart_from_their_name(world, client_for, now):
    judged = {"fit": "alleen met MICU", "fit_by": "E. van Dam", "fit_at": now}
    request = factories.request_(
        world["site"], status=states.NATIONAL_SEARCH, clinical={"values_at": now} | judged
    )

    assert (
        "alleen met MICU · E. van Dam, 08:05." in client_for(world["lcps"]).get(page(request)).text
    )


@pytest.mark.parametrize("who", ["physician", "region", "lcps", "medical"])
def test_the_page_stands_in_every_status(world, client_for, who):
    client = client_for(world[who])
    for status in set(states.ALL) - {states.DRAFT}:
        request = factories.request_(world["site"], status=status)

        answer = client.get(page(request))

        assert answer.status_code == 200, status
        assert request.number in answer.text


def test_a_draft_is_the_sites_alone(world, client_for):
    request = factories.request_(world["site"])

    assert client_for(world["coordinator"]).get(page(request)).status_code == 200
    assert client_for(world["lcps"]).get(page(request)).status_code == 404


def test_a_request_whose_picture_was_erased_keeps_its_page(world, client_for):
    request = factories.request_(world["site"], status=states.CLOSED)
    request.clinical.delete()

    answer = client_for(world["lcps"]).get(page(request))

    assert "gewist" in answer.text


# --- steps ------------------------------------------------------------------------------------


def test_a_step_is_taken_and_leads_back(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(step(request, "search_in_region"), {"version": "1"})

    assert (answer.status_code, answer["Location"]) == (302, page(request))
    request.refresh_from_db()
    assert request.status == states.REGIONAL_SEARCH


def test_an_old_tab_keeps_what_was_typed_and_shows_what_stands_now(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)
    client = client_for(world["region"])
    client.post(step(request, "search_in_region"), {"version": "1"})

    answer = client.post(
        step(request, "ask_sender"), {"version": "1", "reason": "Is de patiënt nuchter?"}
    )

    assert answer.status_code == 409
    assert "Is de patiënt nuchter?" in answer.text
    assert "Regio zoekt" in answer.text
    request.refresh_from_db()
    assert request.status == states.REGIONAL_SEARCH


def test_a_reason_that_is_too_long_is_refused_with_its_count_and_kept(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)
    reason = "a" * 301

    answer = client_for(world["region"]).post(
        step(request, "ask_sender"), {"reason": reason, "version": request.version}
    )

    assert answer.status_code == 409
    assert "U schreef 301 tekens" in answer.text and reason in answer.text
    request.refresh_from_db()
    assert request.question == ""


@pytest.mark.parametrize("version", ["", "abc", "-1", "1.0", "9" * 40, "٣"])
def test_a_version_that_is_no_number_is_an_old_tab(world, client_for, version):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(
        step(request, "search_in_region"), {"version": version}
    )

    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["nonsense", "accept", "expire", "find_fit"])
def test_a_step_that_cannot_be_taken_here_changes_nothing(world, client_for, name):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).post(step(request, name), {"version": "1"})

    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.status == states.SUBMITTED


def test_a_step_of_another_role_is_refused(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["lcps"]).post(step(request, "search_in_region"), {"version": "1"})

    assert answer.status_code == 403


def test_steps_are_posted(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)

    answer = client_for(world["region"]).get(step(request, "search_in_region"), {"version": "1"})

    assert (answer.status_code, answer["Location"]) == (302, page(request))
    request.refresh_from_db()
    assert request.status == states.SUBMITTED


@pytest.mark.parametrize("who", ["physician", "region", "lcps", "medical"])
def test_every_form_on_the_page_carries_its_token(world, client_for, who):
    client = client_for(world[who])
    for status in (states.SUBMITTED, states.ESCALATED, states.MEDICAL_REVIEW, states.ON_HOLD):
        request = factories.request_(world["site"], status=status)

        text = client.get(page(request)).text

        main = text[text.index("<main") : text.index("</main>")]
        assert main.count('method="post"') == main.count('name="csrfmiddlewaretoken"')


# --- the form ---------------------------------------------------------------------------------


def test_a_request_is_filled_in_and_submitted_at_once(world, client_for):
    answer = client_for(world["physician"]).post(reverse("transfers:new"), TYPED | {"do": "submit"})

    request = TransferRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(request))
    assert request.status == states.SUBMITTED
    assert request.clinical.oxygen_l_min == 3
    assert not hasattr(request, "draft")


def test_a_form_that_is_sent_twice_counts_once(world, client_for):
    client = client_for(world["physician"])

    for _ in range(2):
        answer = client.post(reverse("transfers:new"), TYPED | {"do": "submit"})

    assert answer.status_code == 302
    assert TransferRequest.objects.count() == 1


@pytest.mark.parametrize("first", [{}, {"weight_kg": "negentig"}])
@pytest.mark.parametrize("then", ["draft", "submit"])
def test_a_draft_sent_again_with_other_values_keeps_the_new_ones(world, client_for, first, then):
    client = client_for(world["physician"])
    client.post(reverse("transfers:new"), TYPED | {"do": "draft"} | first)

    client.post(
        reverse("transfers:new"), TYPED | {"do": then, "weight_kg": "81", "reason": "return"}
    )

    request = TransferRequest.objects.get()
    assert (request.clinical.weight_kg, request.reason) == (81, "return")
    assert request.status == (states.SUBMITTED if then == "submit" else states.DRAFT)


def test_a_draft_sent_again_that_a_colleague_changed_shows_both(world, client_for):
    client = client_for(world["physician"])
    client.post(reverse("transfers:new"), TYPED | {"do": "draft"})
    request = TransferRequest.objects.get()
    theirs = TYPED | {"do": "draft", "version": request.version, "weight_kg": "77"}
    client_for(world["coordinator"]).post(page(request, "edit"), theirs)

    mine = TYPED | {"do": "draft", "weight_kg": "81"}
    answer = client.post(reverse("transfers:new"), mine)

    request.refresh_from_db()
    assert (answer.status_code, request.clinical.weight_kg) == (409, 77)
    assert 'value="81"' in answer.text and "77" in answer.text
    again = client.post(reverse("transfers:new"), mine | {"version": request.version})
    request.clinical.refresh_from_db()
    assert (again.status_code, request.clinical.weight_kg) == (302, 81)


def test_a_form_sent_again_after_it_was_submitted_says_so_and_keeps_what_was_typed(
    world, client_for
):
    client = client_for(world["physician"])
    client.post(reverse("transfers:new"), TYPED | {"do": "submit"})
    request = TransferRequest.objects.get()

    changed = TYPED | {"do": "submit", "weight_kg": "81"}
    answer = client.post(reverse("transfers:new"), changed)

    assert (answer.status_code, request.clinical.weight_kg) == (409, 92)
    assert 'value="81"' in answer.text
    assert f"Dit formulier is al verstuurd: het is {request.number}" in answer.text
    again = client.post(reverse("transfers:new"), changed | {"version": request.version})
    request.clinical.refresh_from_db()
    assert (again.status_code, request.clinical.weight_kg) == (302, 81)


@pytest.mark.parametrize("status", [states.NATIONAL_SEARCH, states.CLOSED])
def test_a_form_sent_again_for_what_has_gone_further_is_refused_in_words(
    world, client_for, status, now
):
    client = client_for(world["physician"])
    client.post(reverse("transfers:new"), TYPED | {"do": "submit"})
    request = TransferRequest.objects.get()
    TransferRequest.objects.update(status=status, ended_at=now if status == states.CLOSED else None)

    changed = TYPED | {"do": "submit", "weight_kg": "81", "version": request.version}
    answer = client.post(reverse("transfers:new"), changed)

    assert answer.status_code == 422
    assert "Dit verzoek is al verder" in answer.text and 'value="81"' in answer.text


def test_a_submission_number_of_somebody_else_is_no_obstacle(world, client_for):
    client_for(world["physician"]).post(reverse("transfers:new"), TYPED | {"do": "draft"})

    answer = client_for(world["outsider"]).post(reverse("transfers:new"), TYPED | {"do": "draft"})

    theirs = TransferRequest.objects.get(created_by=world["outsider"])
    assert answer["Location"] == page(theirs, "edit")
    assert TransferRequest.objects.count() == 2


def test_a_draft_keeps_everything_that_was_typed_also_what_is_wrong(world, client_for):
    client = client_for(world["physician"])

    answer = client.post(
        reverse("transfers:new"),
        TYPED | {"do": "draft", "weight_kg": "negentig", "age_years": ""},
    )

    request = TransferRequest.objects.get()
    assert answer["Location"] == page(request, "edit")
    assert request.status == states.DRAFT
    opened = client_for(world["coordinator"]).get(page(request, "edit"))
    assert 'value="negentig"' in opened.text


def test_a_draft_is_finished_by_a_colleague(world, client_for):
    client_for(world["physician"]).post(
        reverse("transfers:new"), TYPED | {"do": "draft", "age_years": ""}
    )
    request = TransferRequest.objects.get()

    client_for(world["coordinator"]).post(
        page(request, "edit"),
        TYPED | {"do": "submit", "version": str(request.version)},
    )

    request.refresh_from_db()
    assert request.status == states.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"age_years": "58,5"}, "heel getal"),
        ({"own_reference": "123456782"}, "BSN"),
        ({"vulnerability": "dementie"}, "in deze fase"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(world, client_for, changes, said):
    answer = client_for(world["physician"]).post(
        reverse("transfers:new"), TYPED | changes | {"do": "submit"}
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="dr. A. Bosman"' in answer.text
    assert not TransferRequest.objects.exists()


@pytest.mark.parametrize("field", ["own_reference", "mdro"])
def test_an_identity_is_not_even_kept_in_a_draft(world, client_for, field):
    answer = client_for(world["physician"]).post(
        reverse("transfers:new"), TYPED | {"do": "draft", field: "123456782"}
    )

    assert answer.status_code == 422
    assert "BSN" in answer.text
    assert not TransferRequest.objects.exists()


def test_a_nul_in_a_draft_or_a_reason_breaks_nothing(world, client_for):
    client = client_for(world["physician"])

    kept = client.post(
        reverse("transfers:new"), TYPED | {"do": "draft", "age_years": "", "mdro": "a\x00b"}
    )
    request = TransferRequest.objects.get()
    refused = client.post(
        reverse("transfers:step", kwargs={"number": request.number, "step": "withdraw"}),
        {"reason": "a\x00b", "version": request.version},
    )

    assert kept.status_code == 302
    assert refused.status_code < 500


def test_a_fraction_of_oxygen_is_asked_about_and_mended_with_one_click(world, client_for):
    client = client_for(world["physician"])
    icu = TYPED | {
        "level": "icu",
        "airway": "tube",
        "ventilation": "invasive",
        "prone": "never",
        "ecmo": "none",
        "fio2_percent": "0,6",
    }

    asked = client.post(reverse("transfers:new"), icu | {"do": "submit"})
    assert "Bedoelt u 60 %?" in asked.text
    assert "Maak er 60 % van" in asked.text
    assert "Vul PEEP in" in asked.text  # everything that is wrong is said at once
    mended = client.post(reverse("transfers:new"), icu | {"fraction": "60"})

    assert 'value="60"' in mended.text
    assert not TransferRequest.objects.exists()


def test_another_level_shows_other_fields_and_keeps_what_was_typed(world, client_for):
    answer = client_for(world["physician"]).post(
        reverse("transfers:new"), TYPED | {"show_level": "icu"}
    )

    assert 'name="peep_cmh2o"' in answer.text
    assert 'value="92"' in answer.text


def test_a_long_list_of_errors_is_folded_after_five(world, client_for):
    client = client_for(world["physician"])
    empty = dict.fromkeys(TYPED, "") | {"level": "ward", "version": "0", "do": "submit"}

    refused = client.post(reverse("transfers:new"), empty).text.partition("data-errors")[2]
    above = refused.partition("lcps-split--request")[0]
    shown, _fold, folded = above.partition("<details")

    assert shown.count('href="#id_') == 5
    assert folded.count('href="#id_') > 5


def test_another_level_asks_nothing_yet(world, client_for):
    """Who chooses the level first has not answered wrongly: no error, and what was typed stays."""
    client = client_for(world["physician"])
    empty = dict.fromkeys(TYPED, "") | {"level": "icu", "version": "0", "show_level": "ward"}

    untouched = client.post(reverse("transfers:new"), empty)
    begun = client.post(
        reverse("transfers:new"), empty | {"weight_kg": "veel", "gp_informed": "on"}
    )

    assert "data-errors" not in untouched.text + begun.text
    assert "utrecht-form-field--invalid" not in untouched.text + begun.text
    assert 'value="veel"' in begun.text
    assert begun.context["sheet"].form["gp_informed"].value() == "on"
    assert begun.context["sheet"].form["submission"].value() == empty["submission"]


def test_the_advice_is_refreshed_while_somebody_types(world, client_for):
    answer = client_for(world["physician"]).post(
        reverse("transfers:new"),
        TYPED | {"do": "check", "oxygen_l_min": "16"},
        headers={"HX-Request": "true"},
    )

    assert answer.text.lstrip().startswith("<aside")
    assert "Met verpleegkundige" in answer.text


def test_a_new_form_answers_nothing_about_the_patient_by_itself(world, client_for):
    """Untouched is unanswered: no preset, no group complete, no advice, and submitting asks at the field."""
    client = client_for(world["physician"])

    opened = client.get(reverse("transfers:new") + "?level=icu")
    form = opened.context["sheet"].form
    names = [name for group in GROUPS for name in group.names if name != "reason"]
    assert [name for name in names if form[name].value() not in (None, "")] == []
    states_by_key = {panel.key: panel.state for panel in opened.context["sheet"].panels}
    assert "done" not in states_by_key.values()
    advice = opened.context["sheet"].advice
    assert advice.label == "nog onbekend"
    assert "MAP, Noradrenaline, Andere inotropica, Reanimatie in 24 uur" in advice.because
    assert {one.state for one in advice.criteria} == {"unknown"}

    answers = ("cpr_24h", "worsening_expected", "dialysis", "isolation", "ventilation")
    without = {name: text for name, text in TYPED.items() if name not in answers}
    refused = client.post(reverse("transfers:new"), without | {"do": "submit"})
    asked = refused.context["sheet"].form.errors
    assert {name: list(asked[name]) for name in asked} == dict.fromkeys(
        sorted(answers, key=list(asked).index), ["Maak een keuze."]
    )

    client.post(reverse("transfers:new"), without | {"do": "draft"})
    draft = TransferRequest.objects.get()
    again = client.get(reverse("transfers:edit", args=[draft.number]))
    assert {name: again.context["sheet"].form[name].value() for name in answers} == dict.fromkeys(
        answers, ""
    )


def test_the_advice_waits_for_what_it_is_read_from(world, client_for):
    client = client_for(world["physician"])

    def advice(**changes):
        typed = TYPED | {"do": "check"} | changes
        return client.post(reverse("transfers:new"), typed).context["sheet"].advice

    assert "Gewone ambulance" in advice().because
    assert advice(oxygen_l_min="").because == "Vul nog in: Zuurstof."
    assert advice(ventilation="none", oxygen_l_min="").label != "nog onbekend"
    known = {"level": "icu", "map_mmhg": "80", "spo2_percent": "99", "fio2_percent": "40"}
    known |= {"noradrenaline_ug_kg_min": "0", "other_inotropes": "no", "ventilation": "niv"}
    assert advice(**known).because == "Vul nog in: Pmax, PEEP."
    assert advice(**known, pmax_cmh2o="15", peep_cmh2o="5").because.startswith("Begeleid kan")
    assert advice(**known, cpr_24h="yes").because.startswith("MICU")  # nothing else can change that


def test_a_limit_that_is_met_does_not_read_as_its_opposite(world, client_for):
    typed = TYPED | {"level": "icu", "do": "check", "spo2_percent": "99", "cpr_24h": "yes"}
    typed |= {"noradrenaline_ug_kg_min": "0", "other_inotropes": "no"}

    advice = client_for(world["physician"]).post(reverse("transfers:new"), typed).context["sheet"]

    said = {one.label: one.said for one in advice.advice.criteria}
    assert said["Geen inotropica"] == "voldoet (ingevuld: nee)"
    assert said["Geen reanimatie in 24 uur"] == "voldoet niet (ingevuld: ja)"
    assert said["SpO₂ boven 98 %"] == "voldoet: 99 %"


def test_two_people_who_change_one_request_see_both_values(world, client_for):
    request = factories.request_(world["site"], status=states.SUBMITTED)
    first, second = client_for(world["physician"]), client_for(world["coordinator"])
    typed = TYPED | {"do": "save", "version": "1"}
    first.post(page(request, "edit"), typed | {"weight_kg": "80"})

    answer = second.post(page(request, "edit"), typed | {"weight_kg": "85"})

    assert answer.status_code == 409
    assert 'value="85"' in answer.text
    assert "nu bewaard: 80" in " ".join(answer.text.split())
    again = second.post(page(request, "edit"), typed | {"weight_kg": "85", "version": "2"})
    assert again.status_code == 302
    request.clinical.refresh_from_db()
    assert request.clinical.weight_kg == 85


def test_what_has_gone_further_is_no_longer_edited(world, client_for):
    request = factories.request_(world["site"], status=states.ACCEPTED)

    answer = client_for(world["physician"]).get(page(request, "edit"))

    assert answer["Location"] == page(request)


def test_only_the_physician_overrides_an_objection(world, client_for):
    typed = TYPED | {
        "informed": "objects",
        "objection_override": "niet wilsbekwaam; anders geen IC-bed",
    }
    coordinator = client_for(world["coordinator"])

    refused = coordinator.post(reverse("transfers:new"), typed | {"do": "submit"})

    assert refused.status_code == 422
    assert "Alleen de behandelend arts mag toch verplaatsen" in refused.text
    assert 'href="#id_objection_override"' in refused.text
    assert 'id="id_objection_override"' in refused.text
    assert 'value="niet wilsbekwaam; anders geen IC-bed"' in refused.text

    # As the words say: a draft, for the physician to open and submit.
    coordinator.post(reverse("transfers:new"), typed | {"do": "draft"})
    draft = TransferRequest.objects.get()
    assert (draft.status, draft.draft.values["weight_kg"]) == (states.DRAFT, "92")
    sent = typed | {"do": "submit", "version": draft.version}
    taken = client_for(world["physician"]).post(page(draft, "edit"), sent)
    assert taken["Location"] == page(draft)


def test_the_way_back_names_the_status_of_the_page(world, client_for):
    request = factories.request_(world["site"], status=states.REGIONAL_SEARCH)

    shown = client_for(world["physician"]).get(reverse("transfers:request", args=[request.number]))

    crumbs = shown.text.partition('class="lcps-crumbs"')[2].partition("</nav>")[0]
    assert "Regio zoekt" in crumbs
    assert "Nieuw in regio" not in crumbs


# --- fresh values -----------------------------------------------------------------------------

MEASURED = {
    "version": "1",
    "ventilation": "o2",
    "oxygen_l_min": "5",
    "spo2_percent": "95",
    "worsening_expected": "no",
    "dialysis": "no",
}


def test_fresh_values_are_written(world, client_for, now):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    answer = client_for(world["coordinator"]).post(
        page(request, "values"),
        MEASURED | {"values_at": "08:00"},
    )

    assert answer.status_code == 302
    request.clinical.refresh_from_db()
    assert request.clinical.oxygen_l_min == 5
    assert request.clinical.values_at == now - timedelta(minutes=5)


def test_values_older_than_those_we_have_are_refused(world, client_for):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    answer = client_for(world["coordinator"]).post(
        page(request, "values"),
        MEASURED | {"values_at": "06:00"},
    )

    assert answer.status_code == 422
    assert "nieuwere waarden" in answer.text


def test_values_of_another_hospitals_patient_are_not_ours_to_renew(world, client_for):
    request = factories.request_(world["site"], status=states.NATIONAL_SEARCH)

    assert client_for(world["outsider"]).get(page(request, "values")).status_code == 404


# --- the general practitioner -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["physician", "coordinator"])
def test_the_sender_notes_in_one_click_that_the_gp_knows(world, client_for, now, who):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )
    measured_at = request.clinical.values_at
    client = client_for(world[who])
    assert page(request, "gp") in client.get(page(request)).text

    answer = client.post(page(request, "gp"), {"version": request.version}, follow=True)

    request.clinical.refresh_from_db()
    assert request.clinical.gp_informed
    assert request.clinical.values_at == measured_at
    assert page(request, "gp") not in answer.text
    assert "Huisarts ingelicht" in [labels.done(e.step) for e in request.events.all()]


def test_an_old_tab_does_not_note_that_the_gp_knows(world, client_for):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )

    client_for(world["physician"]).post(page(request, "gp"), {"version": "7"})

    request.clinical.refresh_from_db()
    assert not request.clinical.gp_informed


def test_who_does_not_send_is_not_offered_to_inform_the_gp(world, client_for):
    request = factories.request_(
        world["site"], status=states.ACCEPTED, clinical={"gp_informed": False}
    )

    assert page(request, "gp") not in client_for(world["lcps"]).get(page(request)).text


@pytest.mark.parametrize(
    ("name", "length", "said"),
    [
        ("special_needs", 201, "200 tekens"),
        ("weight_kg", 13, "13 tekens is te lang. Kort in tot 12."),
        ("stable_at", 17, "17 tekens is te lang. Kort in tot 16."),
        ("sex", 61, "61 tekens is te lang. Kort in tot 60."),
    ],
)
def test_a_draft_with_a_text_too_long_for_its_field_is_refused_there(
    world, client_for, name, length, said
):
    sent = TYPED | {"do": "draft", "age_years": "", "own_reference": "K7", name: "x" * length}

    answer = client_for(world["physician"]).post(reverse("transfers:new"), sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="K7"' in answer.text
    assert name == "sex" or f'value="{"x" * length}"' in answer.text
    assert not TransferRequest.objects.exists()


def test_a_draft_larger_than_any_request_is_refused_in_words(world, client_for):
    sent = TYPED | {"do": "draft", "own_reference": "K7", "x": "y" * 70_000}

    answer = client_for(world["physician"]).post(reverse("transfers:new"), sent)

    assert answer.status_code == 413
    assert "Dit is te veel tekst" in answer.text
    assert 'value="K7"' in answer.text
    assert not TransferRequest.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"age_months": "7"}, "age_months", "Maanden horen alleen bij een leeftijd onder 2 jaar."),
        (
            {"ventilation": "invasive", "airway": "none", "peep_cmh2o": "8", "fio2_percent": "50"},
            "airway",
            "Invasief beademen gaat via een tube of een tracheostoma.",
        ),
        ({"stable_at": "28-10-2020 18:00"}, "stable_at", "Deze verklaring is te oud."),
        ({"stable_at": "29-10-2020 23:00"}, "stable_at", "Dit moment ligt in de toekomst."),
        ({"informed_who": ""}, "informed_who", "Vul in wie akkoord gaf of bezwaar maakte."),
        ({"informed_at": ""}, "informed_at", "Vul in hoe laat dat gezegd is."),
    ],
)
def test_what_does_not_go_together_is_said_at_its_field(world, client_for, typed, field, said):
    level = {"level": "icu"} if "airway" in typed else {}

    answer = client_for(world["physician"]).post(
        reverse("transfers:new"), TYPED | {"do": "submit"} | level | typed
    )

    assert answer.status_code == 422
    error = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert error is not None
    assert said in error[1]
    assert not TransferRequest.objects.exists()
