"""The people of the demonstration: one public account per role, and the rest of the country behind them.

The public accounts share one password and exist only where LCPS_DEMO=1; `sign_in` refuses elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from guardian.shortcuts import assign_perm

from regions.models import (
    AmbulanceService,
    Assignment,
    Contact,
    Region,
    Role,
    Site,
    User,
)
from regions.people.actions import REGION_RIGHTS, assign_role

PASSWORD = "demo"
SINCE = date(2020, 1, 1)
MAIL_DOMAIN = "voorbeeld.example"
# Where the tour of the morning takes place: a full region, and a hospital elsewhere with room.
SENDING_SITE, SENDING_REGION = "maasstad-rotterdam", "zuidwest"
RECEIVING_SITE = "rijnstate-arnhem"
DRIVING_SERVICE, MICU_SERVICE = "rav-17", "micu-rotterdam"


@dataclass(frozen=True)
class Account:
    """A public account: user name, person, and the role with its place."""

    username: str
    first_name: str
    last_name: str
    role: str
    site: str = ""
    region: str = ""
    service: str = ""


ACCOUNTS: tuple[Account, ...] = (
    Account("reporter", "S.", "Aydin", "reporter", site=SENDING_SITE),
    Account("bedden", "R.", "Jansen", "bed_coordinator", site=RECEIVING_SITE),
    Account("arts", "A.", "Bosman", "treating_physician", site=SENDING_SITE),
    Account("regio", "M.", "Peters", "regional_coordinator", region=SENDING_REGION),
    Account("regioanalist", "T.", "Visser", "regional_analyst", region=SENDING_REGION),
    Account("lcps", "J.", "de Wit", "lcps_coordinator"),
    Account("medisch", "E.", "van Dam", "medical_officer"),
    Account("dienstleider", "P.", "Smit", "shift_lead"),
    Account("vervoer", "K.", "Bakker", "transport_coordinator"),
    Account("analist", "N.", "Mulder", "analyst"),
    Account("ambulance", "M.", "Vos", "ambulance_planner", service=DRIVING_SERVICE),
    Account("micu", "H.", "Dekker", "micu_coordinator", service=MICU_SERVICE),
    Account("toezicht", "L.", "Brouwer", "oversight_reader"),
    Account("communicatie", "C.", "Meijer", "communication"),
    Account("privacy", "F.", "de Boer", "privacy_officer"),
    Account("beheer", "B.", "Kuiper", "admin"),
)


@transaction.atomic
def make_accounts(*, now: datetime) -> None:
    """The public accounts, once."""
    known = set(User.objects.values_list("username", flat=True))
    for account in ACCOUNTS:
        if account.username in known:
            continue
        person = User.objects.create(
            username=account.username,
            first_name=account.first_name,
            last_name=account.last_name,
            email=f"{account.username}@{MAIL_DOMAIN}",
            password=make_password(PASSWORD),
        )
        assign_role(
            user=person,
            role=Role.objects.get(pk=account.role),
            site=Site.objects.get(code=account.site) if account.site else None,
            region=Region.objects.get(code=account.region) if account.region else None,
            service=AmbulanceService.objects.get(code=account.service) if account.service else None,
            valid_from=SINCE,
            by=None,
            now=now,
        )


@transaction.atomic
def people_the_country() -> None:
    """Somebody to write to at every site, region and service; they cannot sign in."""
    people: list[tuple[str, str, dict[str, object]]] = []
    for site in Site.objects.reporting():
        people.append((f"bedden-{site.code}", "bed_coordinator", {"site": site}))
        people.append((f"melder-{site.code}", "reporter", {"site": site}))
    for region in Region.objects.all():
        people.append((f"rcps-{region.code}", "regional_coordinator", {"region": region}))
    for service in AmbulanceService.objects.all():
        is_micu = service.kind == AmbulanceService.Kind.MICU
        role = "micu_coordinator" if is_micu else "ambulance_planner"
        people.append((f"planner-{service.code}", role, {"service": service}))
    _make(people)


def _make(people: Iterable[tuple[str, str, dict[str, object]]]) -> None:
    wanted = {name: (role, place) for name, role, place in people}
    missing = wanted.keys() - set(User.objects.values_list("username", flat=True))
    made = User.objects.bulk_create(
        User(
            username=name,
            first_name="dienst",
            last_name=str(next(iter(wanted[name][1].values()))),
            email=f"{name}@{MAIL_DOMAIN}",
            password=make_password(None),
        )
        for name in sorted(missing)
    )
    Assignment.objects.bulk_create(
        Assignment(
            user=person,
            role_id=wanted[person.username][0],
            valid_from=SINCE,
            **wanted[person.username][1],
        )
        for person in made
    )
    for person in made:
        role, place = wanted[person.username]
        for right in REGION_RIGHTS.get(role, ()):
            assign_perm(f"regions.{right}", person, place["region"])


@transaction.atomic
def make_contacts() -> None:
    """Invented telephone numbers (000) for every site, region and service, once."""
    if Contact.objects.exists():
        return
    checked = date(2020, 10, 12)
    functions = (Contact.Function.BEDS, Contact.Function.ICU)
    Contact.objects.bulk_create(
        [
            Contact(
                site=site,
                function=function,
                phone=f"0{site.pk % 90 + 10:02d} 000 0{place} {site.pk % 100:02d}",
                verified_on=checked,
            )
            for site in Site.objects.reporting()
            for place, function in enumerate(functions)
        ]
        + [
            Contact(
                region=region,
                function=Contact.Function.DESK,
                phone=f"088 000 {region.pk:02d} 00",
                verified_on=checked,
            )
            for region in Region.objects.all()
        ]
        + [
            Contact(
                service=service,
                function=Contact.Function.DESK,
                phone=f"088 000 {service.pk:02d} 50",
                verified_on=checked,
            )
            for service in AmbulanceService.objects.all()
        ]
    )
