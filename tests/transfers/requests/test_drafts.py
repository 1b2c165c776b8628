"""A form that is not finished, is sent twice, or is filled in by two people: nothing is lost."""

import pytest
from django.urls import reverse

from tests import factories
from tests.transfers.requests.addresses import page
from tests.transfers.requests.typed import TYPED
from transfers.models import TransferRequest
from transfers.requests import status as states

pytestmark = pytest.mark.django_db


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
