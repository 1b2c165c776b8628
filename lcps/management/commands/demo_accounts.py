"""Prints the public accounts of the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lcps.demonstration.accounts import ACCOUNTS, PASSWORD
from regions.models import Role


class Command(BaseCommand):
    help = "Print the demonstration accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration; it has no public accounts.")
        roles = Role.objects.in_bulk()
        self.stdout.write(f"Accounts (password: {PASSWORD}), or one click on the sign-in page:")
        for account in ACCOUNTS:
            place = account.site or account.region or account.service
            label = roles[account.role].label_en if account.role in roles else account.role
            self.stdout.write(f"  {account.username:<14}{label}{f', {place}' if place else ''}")
