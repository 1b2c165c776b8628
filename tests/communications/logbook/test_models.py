"""A line of the logbook stays: no statement changes it, deletes it, or empties the table."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from communications.logbook import actions
from communications.logbook.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE communications_auditevent SET sentence = 'niets'",
        "DELETE FROM communications_auditevent",
        "TRUNCATE communications_auditevent",
        "TRUNCATE communications_auditevent, regions_user CASCADE",
    ],
)
def test_the_database_refuses_to_lose_a_line(now, statement):
    about = ("site", "jbz")
    actions.record("test", sentence="Er gebeurde iets", about=about, by=None, at=now)

    with (
        pytest.raises((ProgrammingError, InternalError), match="the logbook refuses"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().sentence == "Er gebeurde iets"
