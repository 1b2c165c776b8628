"""Loads what every installation needs: places, roles, levels, phases, settings, keys. Repeatable."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from capacity.reports.load import load_levels
from regions.people.load import load_roles
from regions.phases.load import load_dials, load_fair_shares
from regions.places.load import load_places


class Command(BaseCommand):
    help = "Load the reference data; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """No arguments: there is one set of reference data."""

    def handle(self, *args: Any, **options: Any) -> None:
        counts = {
            **load_places(),
            "roles": load_roles(),
            "levels": load_levels(),
            **load_dials(),
            "keys": load_fair_shares(),
        }
        if options["verbosity"]:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
