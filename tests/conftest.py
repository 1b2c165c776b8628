"""Shared fixtures: the morning, and three people who ask for every page."""

from datetime import UTC, datetime

import pytest

# Thursday 29 October 2020, 08:05 in Amsterdam (winter time since the 25th).
MORNING = datetime(2020, 10, 29, 7, 5, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The business moment most tests live at."""
    return MORNING
