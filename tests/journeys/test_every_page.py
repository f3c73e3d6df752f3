"""Every page of the demonstration company: no WCAG 2.2 AA finding, no sideways scrolling, under 100 kB."""

import json
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browsing import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
MOST_BYTES = 100_000
PLACES = """
import json
from django.urls import reverse
from approvals import forecasting, foreseeing
from approvals.models import Clearance, ShelfItem, StandingApproval, Submission
from approvals.route_drafting import start as start_routes
from clause_library.actions import start_version
from clause_library.models import Clause
from integrations.models import Delivery, Receiver
from ledger.models import Entry
from organization.models import Person, Unit
from policy_builder.models import Acknowledgement, Edition, Round
def post(**facts): return Submission.objects.filter(**facts).order_by("submitted_at").first()
def at(name, *args): return reverse(name, args=args)
ada = Person.objects.get(email="ada.ahmed@acme.example")
waiting = post(state="in_review", owner__email="rex.rivera@acme.example")
edition = Edition.objects.issued().get(policy__slug="social-media-policy")
clause = "claims-and-promises"
agreed = post(state="in_review", stage=1)
trial = f"?unit={Unit.objects.first().pk}&channel=1&channel=3&lane=red&topic=financial_promise"
trial += "&relation=employee&is_trained=yes&trust=new"
start_routes(actor=Person.objects.get(email="lea.lindqvist@acme.example"))
start_version(Clause.objects.get(name=clause), actor=Person.objects.get(email="lea.lindqvist@acme.example"))
archive = Receiver.objects.create(
    kind="webhook", name="Archive", url="https://archive.example/", is_active=False)
Delivery.objects.create(
    receiver=archive, entry=Entry.objects.first(), event="submission.cleared", try_after=None)
rita = Person.objects.get(email="rita.rossi@acme.example")
forecasting.run(foreseeing.ask_for_forecast(forecasting.Asked(reviewers=3, to_green=20), actor=rita).pk)
print(json.dumps([
    ["-", at("offline")], ["-", "/sign-in/"], ["-", "/forgotten/"], ["-", "/check/"],
    ["-", at("check_number", Clearance.objects.first().number)], ["-", "/nowhere/"],
    ["ada", "/"], ["ada", at("approvals:mine")], ["ada", at("approvals:new")],
    ["ada", at("lanes")], ["petra", at("lanes")],
    ["ada", at("routes:rules")], ["ada", at("routes:former", 1)], ["ada", at("routes:rules") + trial],
    ["lea", at("routes:draft")], ["lea", at("routes:new_rule")], ["lea", at("routes:rule", 1)],
    ["rex", at("approvals:review", agreed.pk)], ["lea", at("approvals:submission", agreed.pk)],
    *[["rita", at("approvals:submission", post(state=state).pk)]
      for state in sorted(set(Submission.objects.values_list("state", flat=True)))],
    ["ada", at("shelf:shelf")], ["ada", at("shelf:item", ShelfItem.objects.first().pk)],
    ["ada", at("approvals:new") + f"?item={ShelfItem.objects.last().pk}"],
    ["rex", at("shelf:shelf")], ["rex", at("shelf:item", ShelfItem.objects.last().pk)],
    ["rex", at("shelf:put", ShelfItem.objects.first().clearance.revision.submission_id)],
    ["ada", at("approvals:submission", post(clearance__publications__verdict="different").pk)],
    ["rita", at("approvals:recalls")], ["rita", at("approvals:recalls") + "?q=acme"],
    ["rita", at("approvals:recall", post(state="recalled").pk)],
    ["petra", at("approvals:review", post(state="in_appeal").pk)],
    ["ada", at("policy_builder:policies")], ["ada", at("policy_builder:due")],
    ["ada", at("policy_builder:read", "social-media-policy")],
    ["ada", at("organization:preferences")], ["ada", at("organization:password")],
    ["ada", at("organization:notices")], ["ada", "/people/"],
    ["rex", at("organization:away")], ["amin", at("organization:away_of", ada.pk)],
    ["rex", at("approvals:blackouts")], ["quinn", at("approvals:broken_glass")],
    ["quinn", at("approvals:break_glass", waiting.pk)],
    ["rex", at("approvals:queue")], ["rex", at("approvals:review", waiting.pk)],
    ["ada", at("approvals:submission", post(state="offered").pk)],
    ["lea", at("policy_builder:start")], ["lea", at("clause_library:list")],
    ["lea", at("clause_library:version", "say-who-you-work-for", 1)],
    ["lea", at("checks:list")], ["lea", at("checks:mend")],
    ["lea", at("checks:check", "speak-for-yourself", "official-voice")],
    ["rex", at("checks:check", "claims-and-promises", "earnings-claim")],
    ["lea", at("checks:replay", "speak-for-yourself", 2)],
    ["lea", at("clause_library:draft", clause)], ["lea", at("clause_library:new_check", clause)],
    ["lea", at("clause_library:new_check", clause) + "?kind=links"],
    ["lea", at("clause_library:check", clause, 0)], ["lea", at("clause_library:as_data", clause)],
    ["lea", at("clause_library:try", clause, 2)],
    ["lea", at("policy_builder:round", Round.objects.get(edition=edition).pk)],
    ["quinn", at("approvals:standing_approvals")], ["quinn", at("organization:quiet_periods")],
    ["quinn", at("organization:watched", "project_names")], ["quinn", at("organization:watched", "denied_hosts")],
    ["max", at("policy_builder:team")], ["max", at("numbers:page")],
    ["rita", at("numbers:page") + "?days=7"], ["rita", at("numbers:forecast")],
    ["rita", at("policy_builder:receipt", Acknowledgement.objects.exclude(acknowledged_at=None).first().number)],
    ["amin", at("organization:people")], ["amin", at("organization:invite")],
    ["amin", at("organization:person", ada.pk)], ["amin", at("organization:units")],
    ["amin", at("organization:unit", Unit.objects.first().pk)], ["amin", at("organization:company")],
    ["-", at("integrations:reference")], ["ada", at("integrations:tokens")],
    ["amin", at("integrations:receivers")], ["amin", at("integrations:receiver", archive.pk)],
    ["amin", at("approvals:channels")], ["amin", at("approvals:channel", 1)],
]))
"""


@pytest.fixture(scope="module")
def demonstration(live):
    """The demonstration company, its logins, and where its pages are."""
    lines = [line.split() for line in live.manage("demo").splitlines() if "@" in line]
    live.passwords = {words[0].split(".")[0]: (words[0], words[1]) for words in lines}
    live.places = json.loads(live.python(PLACES))
    return live


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (LAPTOP, "dark")], ids=["phone, light", "laptop, dark"]
)
def test_every_page_can_be_used_by_everybody(demonstration, new_page, size, scheme):
    pages, wrong = {}, []
    for who, path in demonstration.places:
        if who not in pages:
            pages[who] = open_as(demonstration, new_page(size, color_scheme=scheme), who)
        wrong += [
            f"{path} ({who}): {what}" for what in faults(pages[who], demonstration.url + path)
        ]
    assert wrong == []


def open_as(live, page, who):
    if who != "-":
        address, password = live.passwords[who]
        page.goto(f"{live.url}/sign-in/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page


def faults(page, address):
    sizes = []
    page.on("response", lambda response: sizes.append(weight(response)))
    answer = page.goto(address)
    page.wait_for_load_state("networkidle")
    if answer.status >= 500:
        yield f"answered {answer.status}"
    for violation in Axe().run(page, options=WCAG).response["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html'][:150]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "scrolls sideways"
    if sum(sizes) > MOST_BYTES:
        yield f"weighs {sum(sizes)} bytes"
    page.goto("about:blank")  # a page that looks again by itself would cut into the next


def weight(response) -> int:
    """What a page costs to fetch the first time, pictures aside."""
    is_picture = urlsplit(response.url).path.endswith((".svg", ".png", ".jpg", ".ico"))
    return 0 if is_picture else int(response.headers.get("content-length", 0))
