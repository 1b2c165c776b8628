"""Writes docs/transfer-states.md from the table; with --check only says whether it is up to date."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from transfers.requests import documentation

PAGE = settings.BASE_DIR / "docs" / "transfer-states.md"


class Command(BaseCommand):
    help = "Write the states of a transfer request into docs/transfer-states.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail when it is old"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = documentation.document()
        if not options["check"]:
            PAGE.write_text(text, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            raise CommandError(f"{PAGE.name} is old. Run manage.py document_states.")
