import pytest
from django.db import connection

from devtools.prepare import lift_time_limits


def limits(connection):
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_preparing_has_no_time_limit_where_serving_has():
    other = connection.copy()
    other.settings_dict["OPTIONS"] = dict(other.settings_dict["OPTIONS"])
    assert "0" not in limits(connection)

    lift_time_limits(other)

    try:
        assert limits(other) == ("0", "0")
    finally:
        other.close()
