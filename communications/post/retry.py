"""When a message that could not be handed over is tried again. Pure."""

from datetime import timedelta
from random import Random

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=2)
JITTER = 0.25

# About two hours of trying, then the message has visibly failed.
MOST_ATTEMPTS = 60
# A message that may have arrived is sent once more, marked as possibly double; after a second such
# accident it is left as "maybe sent".
MOST_DOUBTS = 1


def pause(attempts: int, chance: Random) -> timedelta:
    """How long to wait after so many attempts: doubling to a maximum, spread so that not all come back at once."""
    doublings = min(max(attempts - 1, 0), 20)
    length = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    return length * chance.uniform(1 - JITTER, 1 + JITTER)
