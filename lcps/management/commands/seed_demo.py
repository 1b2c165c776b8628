"""Writes the demonstration's world, once; refuses outside the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lcps.demonstration import seed


class Command(BaseCommand):
    help = "Write the demonstration's world into an empty database; does nothing when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration. Set LCPS_DEMO=1 on an empty database.")
        if not seed.is_seeded():
            seed.seed_world()
