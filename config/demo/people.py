"""200 people in six units; eight of them can sign in."""

import datetime as dt
import random
import secrets
from dataclasses import dataclass

from organization.models import Company, Person, Unit
from organization.roles import Role

HOW_MANY = 200
TRAINED_ON = dt.date(2026, 1, 15)  # the brokers
SEED = 20260101  # the same names each time

UNITS = [
    ("Communications", Unit.Profile.GENERAL, "us", "America/New_York"),
    ("Engineering", Unit.Profile.GENERAL, "us", "America/Los_Angeles"),
    ("Customer Care", Unit.Profile.GENERAL, "us", "America/Chicago"),
    ("Retail", Unit.Profile.GENERAL, "us", "America/New_York"),
    ("Legal and People", Unit.Profile.GENERAL, "us", "America/New_York"),
    ("Acme Securities", Unit.Profile.BROKER_DEALER, "us", "America/New_York"),
]


@dataclass(frozen=True)
class Login:
    """Somebody whom a newcomer can be."""

    name: str
    unit: str
    job_title: str
    roles: tuple[Role, ...] = ()
    registration: str = ""
    does: str = ""
    skills: tuple[str, ...] = ()


LOGINS = [
    Login("Ada Ahmed", "Engineering", "Software engineer", does="writes posts and acknowledges"),
    Login(
        "Rex Rivera",
        "Communications",
        "Social media lead",
        (Role.REVIEWER,),
        does="decides on posts",
    ),
    Login(
        "Lea Lindqvist",
        "Legal and People",
        "Policy counsel",
        (Role.DRAFTER, Role.REVIEWER),
        does="drafts clauses and policies, and reads posts that need a lawyer",
        skills=("legal",),
    ),
    Login(
        "Quinn Okafor",
        "Legal and People",
        "General counsel",
        (Role.APPROVER,),
        does="approves, and signs standing approvals",
    ),
    Login("Max Moreau", "Engineering", "Engineering manager", (Role.MANAGER,), does="sees a team"),
    Login(
        "Rita Rossi",
        "Legal and People",
        "Records officer",
        (Role.RECORDS_OFFICER,),
        does="reads and exports the record",
    ),
    Login("Amin Aziz", "Communications", "Administrator", (Role.ADMINISTRATOR,), does="runs it"),
    Login(
        "Petra Novak",
        "Acme Securities",
        "Registered principal",
        (Role.REVIEWER,),
        "FINRA registered principal (Series 24)",
        "decides for the broker-dealer",
    ),
]

FIRST = """
Alma Amir Anya Arjun Bea Ben Carla Chen Dana David Ebba Elif Emeka Eva Farah Finn Gina Hana
Hugo Ida Ines Ivan Jana Jo Kai Kira Lars Lena Liam Lin Mara Mei Milo Mona Nia Noah Nora Omar
Otto Pia Ravi Rosa Ruth Sami Sara Sven Tara Theo Uma Vera Yara Yusuf Zoe
""".split()
LAST = """
Abara Adler Bauer Becker Brandt Castro Chavez Costa Dahl Diaz Dubois Eriksen Farouk Fischer
Garcia Gupta Haas Hansen Ibrahim Ito Jansen Jensen Kaya Keller Khan Kim Kovacs Kumar Larsen
Lopez Mbeki Meyer Moreno Nakamura Nguyen Novotny Olsen Patel Petrov Quist Reyes Rossi Sato
Schmidt Silva Tanaka Torres Urban Varga Weber Wong Yilmaz Zhang
""".split()


def make() -> dict[str, str]:
    """Make company, units and people; returns the passwords of those who can sign in, by address."""
    Company.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Acme",
            "brands": ["Acme Securities"],
            "rivals": ["Globex"],
            "hosts": ["acme.example"],
        },
    )
    for name, profile, country, zone in UNITS:
        Unit.objects.get_or_create(
            name=name, defaults={"profile": profile, "country": country, "time_zone": zone}
        )
    units = {unit.name: unit for unit in Unit.objects.all()}
    passwords = {}
    for login in LOGINS:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        person = Person.objects.create_user(
            email_of(login.name),
            login.name,
            units[login.unit],
            password,
            job_title=login.job_title,
            registration=login.registration,
            skills=list(login.skills),
        )
        person.give(*login.roles)
        passwords[person.email] = password
    _the_others(units)
    return passwords


def _the_others(units: dict[str, Unit]) -> None:
    """People without a password: they are in the rounds and lists, nobody can sign in as them."""
    pick = random.Random(SEED)  # noqa: S311  names, not secrets
    taken = {login.name for login in LOGINS}
    manager = Person.objects.get(email=email_of("Max Moreau"))
    while len(taken) < HOW_MANY:
        name = f"{pick.choice(FIRST)} {pick.choice(LAST)}"
        if name in taken:
            continue
        taken.add(name)
        unit = units[pick.choice(UNITS)[0]]
        Person.objects.create_user(
            email_of(name),
            name,
            unit,
            manager=manager if unit == manager.unit else None,
            trained_on=TRAINED_ON if unit.profile == Unit.Profile.BROKER_DEALER else None,
        )
    Person.objects.filter(email=email_of("Ada Ahmed")).update(manager=manager)


def email_of(name: str) -> str:
    return name.lower().replace(" ", ".") + "@acme.example"
