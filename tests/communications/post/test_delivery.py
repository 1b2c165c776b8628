"""From outbox to mail server, with every way it can go wrong."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from communications.post import delivery, mail, selectors
from communications.post.models import Message
from tests import factories

pytestmark = pytest.mark.django_db

State = Message.State


def again() -> int:
    """The next sweep, after the pauses and leases are over."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(state=State.WAITING).update(send_after=past)
    Message.objects.filter(state=State.LEASED).update(leased_until=past)
    return delivery.deliver_due()


def test_a_message_is_handed_over(sink, outbox, settings):
    (message,) = outbox()

    assert delivery.deliver_due() == 1

    message.refresh_from_db()
    (got,) = sink.mails
    assert (message.state, message.attempts, message.doubts) == (State.HANDED_OVER, 1, 0)
    assert message.handed_over_at and message.doubts == 0
    assert (got["To"], got["Subject"]) == (message.address, message.subject)
    assert got["Message-ID"] == mail.message_id(message)
    assert got["X-LCPS-Attempt"] == "1"
    assert got["X-LCPS-Possibly-Double"] is None
    assert got.get_content().replace("\r\n", "\n") == f"Tekst\n\n{settings.SITE_ORIGIN}/board\n"


def test_once_handed_over_it_is_not_sent_again(sink, outbox):
    outbox()

    assert (delivery.deliver_due(), again()) == (1, 0)
    assert len(sink.mails) == 1


def test_what_is_for_later_or_for_the_screen_stays(sink, outbox):
    outbox(send_after=timezone.now() + timedelta(minutes=1))
    outbox(channel="in_app", address="")

    assert delivery.deliver_due() == 0


def test_mail_server_down_then_up(sink, outbox):
    messages = outbox(3)
    sink.stop()

    assert delivery.deliver_due() == 0

    for message in Message.objects.all():
        assert (message.state, message.attempts, message.doubts) == (State.WAITING, 1, 0)
        assert message.send_after > timezone.now()
        assert "Refused" in message.failure
    assert selectors.seconds_oldest_unsent(now=timezone.now() + timedelta(seconds=60)) >= 60

    sink.start()
    assert again() == len(messages)
    assert {m["X-LCPS-Possibly-Double"] for m in sink.mails} == {None}
    assert selectors.seconds_oldest_unsent(now=timezone.now()) == 0


def test_pauses_grow_while_the_server_is_down(sink, outbox):
    (message,) = outbox()
    sink.stop()
    pauses = []

    for _ in range(4):
        again()
        message.refresh_from_db()
        pauses.append(message.send_after - timezone.now())

    assert pauses == sorted(pauses)
    assert message.attempts == 4


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such user", State.FAILED), ("451 try later", State.WAITING)]
)
def test_an_answer_of_the_server_is_certain(sink, outbox, answer, state):
    (refused, _) = outbox(2)
    sink.answers = [answer]

    assert delivery.deliver_due() == 1

    refused.refresh_from_db()
    assert (refused.state, refused.doubts) == (state, 0)
    assert answer[:3] in refused.failure
    assert refused.address not in refused.failure


def test_attempts_end(sink, outbox):
    (message,) = outbox(attempts=59)
    sink.answers = ["451 try later"]

    delivery.deliver_due()

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, 60)


def test_a_broken_subject_fails_visibly_and_alone(sink, outbox):
    (broken,) = outbox(subject="twee\nregels")
    outbox()

    assert delivery.deliver_due() == 1

    broken.refresh_from_db()
    assert (broken.state, broken.failure) == (State.FAILED, "BadHeaderError")


def test_a_broken_conversation_leaves_a_doubt_and_the_double_says_so(sink, outbox):
    (message,) = outbox()
    sink.breaks_off = 1

    assert delivery.deliver_due() == 0

    message.refresh_from_db()
    assert (message.state, message.doubts) == (State.WAITING, 1)

    assert again() == 1

    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["X-LCPS-Possibly-Double"], second["X-LCPS-Possibly-Double"]) == (None, "yes")
    assert second["X-LCPS-Attempt"] == "2"
    assert second.get_content().startswith(mail.POSSIBLY_DOUBLE)
    message.refresh_from_db()
    assert (message.state, message.doubts) == (State.HANDED_OVER, 1)


def test_in_doubt_twice_is_left_as_maybe_sent(sink, outbox):
    (message,) = outbox()
    sink.breaks_off = 9

    delivery.deliver_due()
    again()
    again()

    message.refresh_from_db()
    assert (message.state, message.doubts, len(sink.mails)) == (State.MAYBE_SENT, 2, 2)


def test_a_refusal_after_a_doubt_is_not_called_failed(sink, outbox):
    (message,) = outbox(doubts=1)
    sink.answers = ["550 gone"]

    delivery.deliver_due()

    message.refresh_from_db()
    assert message.state == State.MAYBE_SENT


def test_a_slow_server_is_cut_off_as_a_whole(sink, outbox, settings):
    (message,) = outbox()
    settings.EMAIL_TIMEOUT = 0.5
    sink.delay = 5

    started = time.monotonic()
    delivery.deliver_due()

    assert time.monotonic() - started < 2
    message.refresh_from_db()
    assert (message.state, message.doubts) == (State.WAITING, 1)


def leased(outbox, **fields) -> Message:
    """A message whose carrier has vanished."""
    over = timezone.now() - timedelta(seconds=1)
    (message,) = outbox(state=State.LEASED, lease=uuid4(), leased_until=over, **fields)
    return message


def test_claimed_but_not_started_is_claimed_again_without_a_mark(sink, outbox):
    message = leased(outbox)

    assert delivery.deliver_due() == 1

    message.refresh_from_db()
    assert (message.state, message.doubts, message.attempts) == (State.HANDED_OVER, 0, 1)


def test_started_and_vanished_is_sent_once_more_with_a_mark(sink, outbox):
    message = leased(outbox, started_at=timezone.now(), attempts=1)

    assert delivery.deliver_due() == 1

    message.refresh_from_db()
    assert (message.state, message.doubts, message.attempts) == (State.HANDED_OVER, 1, 2)
    assert sink.mails[0]["X-LCPS-Possibly-Double"] == "yes"


def test_vanished_twice_is_maybe_sent(sink, outbox):
    message = leased(outbox, started_at=timezone.now(), attempts=2, doubts=1)

    assert delivery.deliver_due() == 0

    message.refresh_from_db()
    assert (message.state, message.doubts, sink.mails) == (State.MAYBE_SENT, 2, [])


def test_a_running_lease_is_left_alone(sink, outbox):
    outbox(state=State.LEASED, lease=uuid4(), leased_until=timezone.now() + timedelta(seconds=9))

    assert delivery.deliver_due() == 0


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_lease_does_not_start(sink, outbox):
    outbox()
    batch = delivery.claim(timezone.now())
    Message.objects.update(lease=uuid4())

    delivery._deliver(batch, time.monotonic() + 5)

    assert sink.mails == []


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_lease_while_sending_does_not_overwrite(sink, outbox):
    (message,) = outbox()
    other = uuid4()
    sink.on_mail = lambda _: _in_thread(lambda: Message.objects.update(lease=other, doubts=1))

    assert delivery.deliver_due() == 0

    message.refresh_from_db()
    assert (message.state, message.lease, message.doubts) == (State.LEASED, other, 1)


@pytest.mark.django_db(transaction=True)
def test_no_database_connection_is_held_while_sending(sink, outbox, monkeypatch):
    outbox(3)
    send, held = mail.Carrier.send, []

    def watch(carrier, letter):
        held.append(connection.connection is not None)
        return send(carrier, letter)

    monkeypatch.setattr(mail.Carrier, "send", watch)
    delivery.deliver_due()

    assert held == [False, False, False]


def test_when_time_is_up_the_rest_goes_back_at_once(sink, outbox):
    outbox(5)
    sink.delay = 0.3

    assert delivery.deliver_due(run_seconds=0.2) == 1

    left = Message.objects.filter(state=State.WAITING, attempts=0, lease=None)
    assert left.count() == 4
    sink.delay = 0
    assert delivery.deliver_due() == 4


@pytest.mark.django_db(transaction=True)
def test_ten_carriers_at_once_send_each_message_once(sink, outbox):
    outbox(120)
    sink.delay = 0.005

    threads = [threading.Thread(target=_closing, args=(delivery.deliver_due,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sink.mails) == len({m["Message-ID"] for m in sink.mails}) == 120
    assert set(Message.objects.values_list("state", "attempts", "doubts")) == {
        (State.HANDED_OVER, 1, 0)
    }


def test_a_message_costs_two_statements(sink, outbox, django_assert_max_num_queries):
    outbox(50)

    # Per batch of 25: claim, lease, and the two savepoints of a test; then one claim that finds nothing.
    with django_assert_max_num_queries(50 * 2 + 3 * 5):
        assert delivery.deliver_due() == 50


def test_what_is_queued_arrives(sink, reference, now):
    from communications.post import actions

    person = factories.user()
    actions.queue(
        "hospital_late",
        event="x",
        to=[person],
        variables={"site": "'s Heeren & Zn", "due": "08:30", "day": "donderdag 29 oktober"},
        link="/board",
        at=now,
    )

    delivery.deliver_due()

    assert sink.mails[0]["Subject"] == "Te laat: cijfers van 's Heeren & Zn"
    assert sink.mails[0]["To"] == person.email


def _in_thread(work) -> None:
    thread = threading.Thread(target=_closing, args=(work,))
    thread.start()
    thread.join()


def _closing(work) -> None:
    try:
        work()
    finally:
        connection.close()
