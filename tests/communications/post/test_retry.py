from datetime import timedelta
from random import Random

from communications.post.retry import FIRST_PAUSE, JITTER, LONGEST_PAUSE, MOST_ATTEMPTS, pause


def test_pause_doubles_to_a_maximum():
    class Middle(Random):
        def uniform(self, a, b):
            return 1.0

    pauses = [pause(n, Middle()) for n in range(1, 8)]

    assert pauses == [timedelta(seconds=s) for s in (5, 10, 20, 40, 80, 120, 120)]
    assert pause(10_000, Middle()) == LONGEST_PAUSE


def test_pauses_are_spread():
    pauses = [pause(1, Random(seed)) for seed in range(100)]

    assert min(pauses) >= FIRST_PAUSE * (1 - JITTER)
    assert max(pauses) <= FIRST_PAUSE * (1 + JITTER)
    assert len(set(pauses)) > 90


def test_an_hour_without_mail_server_is_outlasted():
    shortest = sum((pause(n, Random(n)) for n in range(1, MOST_ATTEMPTS)), timedelta()) * (
        1 - JITTER
    )

    assert shortest > timedelta(hours=1)
