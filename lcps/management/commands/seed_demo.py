"""Writes the demonstration's world, once; refuses outside the demonstration."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from capacity.models import Heartbeat
from lcps import clock
from lcps.demonstration import seed

# Shorter pauses are a restart; the clock then simply runs on.
PAUSE = timedelta(minutes=1)


class Command(BaseCommand):
    help = (
        "Write the demonstration's world; when it is there, let its clock go on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fresh", action="store_true", help="throw the world away and start at 08:05"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration. Set LCPS_DEMO=1 on an empty database.")
        if options["fresh"]:
            call_command("flush", interactive=False, verbosity=0)
            call_command("load_reference", verbosity=0)
        if not seed.is_seeded():
            seed.seed_world()
            return
        last = Heartbeat.objects.order_by("-at").first()
        if last is not None and timezone.now() - last.at > PAUSE:
            clock.resume(stopped_at=last.at)
