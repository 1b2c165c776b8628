"""Filling in a request: what is asked, what is wrong, and what the form says of it."""

import re

import pytest
from django.urls import reverse

from tests.transfers.requests.addresses import page
from tests.transfers.requests.typed import TYPED
from transfers.models import TransferRequest
from transfers.requests import status as states
from transfers.requests.forms import GROUPS

pytestmark = pytest.mark.django_db


def test_a_request_is_filled_in_and_submitted_at_once(world, client_for):
    answer = client_for(world["physician"]).post(reverse("transfers:new"), TYPED | {"do": "submit"})

    request = TransferRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(request))
    assert request.status == states.SUBMITTED
    assert request.clinical.oxygen_l_min == 3
    assert not hasattr(request, "draft")


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
