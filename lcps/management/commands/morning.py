"""Moves the demonstration's clock; what was due in between happens, in order."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from lcps import clock
from lcps.demonstration import play


class Command(BaseCommand):
    help = "Move the demonstration's clock to a later local time of its day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", required=True, help="local time, for example 08:31")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The clock moves in the demonstration only.")
        now = clock.now()
        try:
            to = play.parse(options["at"], now=now)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        play.advance(to=to, now=now)
        self.stdout.write(f"It is now {options['at']}.")
