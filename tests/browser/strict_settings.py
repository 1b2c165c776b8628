"""The settings of the server for the account pages: outside the demonstration, a second factor required."""

import os

os.environ["LCPS_DEMO"] = "0"

from tests.browser.settings import *  # noqa: E402, F403

SECOND_FACTOR_REQUIRED = True
