"""What a worker under test has otherwise: shorter leases, so that a round takes seconds."""

from lcps.settings import *  # noqa: F403

EMAIL_TIMEOUT = 2
POST_LEASE_SECONDS = 4
