"""The dials in force: read by name, and never guessed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from regions.models import Setting
from regions.phases import selectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def most(now):
    old, new = now - timedelta(days=9), now - timedelta(days=1)
    Setting.objects.create(name="offers.most_open", value=3, valid_from=old)
    Setting.objects.create(name="offers.most_open", value=4, valid_from=new)


@pytest.mark.usefixtures("most")
def test_the_newest_value_is_in_force(now):
    assert selectors.setting_at("offers.most_open", now) == 4
    assert selectors.setting_at("offers.most_open", now - timedelta(days=2)) == 3
    assert selectors.settings_at("offers.", now) == {"most_open": 4}


@pytest.mark.usefixtures("most")
@pytest.mark.parametrize("prefix", ["", "offers."])
def test_a_dial_that_was_never_set_is_named(now, prefix):
    dials = selectors.settings_at(prefix, now)

    with pytest.raises(ImproperlyConfigured, match=f"'{prefix}cohort.name' .* load_reference"):
        dials["cohort.name"]


def test_one_dial_that_was_never_set_is_named(now):
    with pytest.raises(ImproperlyConfigured, match="'cohort.name' has no value"):
        selectors.setting_at("cohort.name", now)
