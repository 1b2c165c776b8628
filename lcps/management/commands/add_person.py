"""Makes an account without a password; its owner chooses one by "Wachtwoord vergeten" on the sign-in page."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from regions.models import User


class Command(BaseCommand):
    help = "Add a person. A password is chosen by its owner, with the letter of the sign-in page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email", help="where the letter to choose a password goes")
        parser.add_argument("--name", default="", help='as others see it: "A. de Vries"')

    def handle(self, *args: Any, **options: Any) -> None:
        person = User(username=options["username"], email=options["email"].strip())
        person.first_name, _, person.last_name = options["name"].rpartition(" ")
        person.set_unusable_password()
        try:
            person.full_clean()
        except ValidationError as refused:
            raise CommandError("; ".join(refused.messages)) from refused
        if not person.email:
            raise CommandError("Without an e-mail address nobody can choose a password.")
        if User.objects.filter(email__iexact=person.email).exists():
            raise CommandError(f"{person.email} already belongs to another account.")
        person.save()
        self.stdout.write(
            f"Added {person.username}. Next: manage.py give_role {person.username} ROLE"
        )
