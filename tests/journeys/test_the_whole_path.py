"""The whole path, as five people walk it in a browser: from the interview to a record that proves itself.

Lea drafts the policy, Quinn approves it, Ada acknowledges it and writes a post, Rex clears it, a stranger checks it.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PASSWORD = "correct-horse-battery-staple"
PEOPLE = f"""
from guardian.shortcuts import assign_perm
from approvals.models import Channel
from organization.models import Company, Person, Unit
from organization.roles import Role
Company.objects.update_or_create(pk=1, defaults={{"name": "Acme", "brands": [], "rivals": ["Globex"]}})
unit = Unit.objects.create(name="Marketing")
for name, roles in [("Lea", [Role.DRAFTER]), ("Quinn", [Role.APPROVER]), ("Ada", []), ("Rex", [Role.REVIEWER])]:
    person = Person.objects.create_user(f"{{name.lower()}}@acme.example", name, unit, {PASSWORD!r})
    person.give(*roles)
channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
assign_perm("approvals.review_channel", Person.objects.get(name="Rex"), channel)
"""
POST = "You will love the new Acme kettle. Best tea in town, go and get one!"
SLOW = 60_000  # milliseconds; a document is rendered on a busy machine


@pytest.fixture(scope="module")
def people(live):
    """Four people with a password, and a channel that Rex reviews."""
    live.python(PEOPLE)
    return live


def sign_in(page: Page, url: str, name: str) -> Page:
    page.goto(f"{url}/sign-in/")
    page.get_by_label("E-mail address").fill(f"{name.lower()}@acme.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=f"Hello, {name}")).to_be_visible()
    return page


def test_five_people_walk_the_whole_path(people, new_page, tmp_path):
    lea = sign_in(new_page(), people.url, "Lea")
    start_policy(lea, people.url)
    answer_everything(lea)
    lea.get_by_role("button", name="Send it to a second person").click()
    expect(lea.get_by_text("Sent. The approvers have been told.")).to_be_visible()

    quinn = sign_in(new_page(), people.url, "Quinn")
    quinn.goto(f"{people.url}/policies/")
    quinn.get_by_role("link", name="Social media policy").click()
    quinn.get_by_role("link", name="Read and decide").click()
    quinn.get_by_role("button", name="Approve this text").click()
    expect(quinn.get_by_text("Approved. It can be issued now.")).to_be_visible()

    lea.reload()
    lea.get_by_role("link", name="Issue it").click()
    lea.get_by_role("button", name="Issue this edition").click()
    expect(lea.get_by_text("Edition 1 is issued.")).to_be_visible()
    expect(lea.get_by_role("link", name="PDF", exact=True)).to_be_visible(timeout=SLOW)

    ada = sign_in(new_page(PHONE), people.url, "Ada")
    acknowledge(ada)
    receipt = download(ada, "Keep the receipt (PDF)", tmp_path / "receipt.pdf")
    assert verify(receipt) == 0

    write_post(ada, people.url)
    rex = sign_in(new_page(PHONE), people.url, "Rex")
    decide(rex)

    ada.goto(f"{people.url}/posts/")
    ada.get_by_role("link", name="You will love").click()
    expect(ada.get_by_role("heading", name="The company stands behind this post")).to_be_visible()
    record = download(ada, "Keep the backing record (PDF)", tmp_path / "record.pdf")
    assert verify(record) == 0
    assert verify(tampered(record)) == 1

    number = ada.locator("code").first.inner_text()
    stranger = new_page()
    stranger.goto(f"{people.url}/check/")
    stranger.get_by_label("Number on the record").fill(number)
    stranger.get_by_role("button", name="Check").click()
    expect(stranger.get_by_text("Valid until")).to_be_visible()
    assert POST not in stranger.content()
    assert "Ada" not in stranger.content()


def start_policy(lea: Page, url: str) -> None:
    lea.goto(f"{url}/policies/start/")
    lea.get_by_label("Employers in the United States").check()
    lea.get_by_role("button", name="Go to the questions").click()


def answer_everything(lea: Page) -> None:
    """Answer each question as it comes, with what fits its kind, until the draft is there."""
    for _ in range(30):
        if "/interview/" not in lea.url:
            break
        for group in lea.locator("main fieldset").all():
            group.locator("input[type=radio]").last.check()
        for choice in lea.locator("main select").all():
            choice.select_option(index=1)
        for field in lea.locator(
            "main input:not([type=radio], [type=hidden]), main textarea"
        ).all():
            if not field.input_value():
                field.fill(answer_for(field))
        with lea.expect_navigation():
            lea.get_by_role("button", name="Save and go on").click()
    expect(lea.get_by_role("button", name="Send it to a second person")).to_be_visible()


def answer_for(field) -> str:
    name = field.get_attribute("name")
    if name.endswith(("_contact", "_email")):
        return "desk@acme.example"
    if "page" in name or "url" in name:
        return "https://acme.example/clear"
    if any(word in name for word in ("minutes", "years", "limit")):
        return "5"
    return "Acme"


def acknowledge(ada: Page) -> None:
    ada.get_by_role("link", name="Read it").click()
    ada.get_by_label("I have read this and agree to electronic form").check()
    ada.get_by_label("I have read this policy").check()
    ada.get_by_role("button", name="I acknowledge this policy").click()
    expect(ada.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(ada.get_by_role("link", name="Keep the receipt (PDF)")).to_be_visible(timeout=SLOW)


def write_post(ada: Page, url: str) -> None:
    """Type, see what the policy says, and press; the fix is one press too."""
    ada.goto(f"{url}/posts/new/")
    ada.get_by_label("Your post").fill(POST)
    ada.get_by_label("Own LinkedIn").check()
    expect(ada.locator("[data-preview]")).to_contain_text("Rex looks at it")
    ada.get_by_role("button", name="Get it cleared").click()
    expect(ada.get_by_role("heading", name="Rex looks at it")).to_be_visible()


def decide(rex: Page) -> None:
    rex.get_by_role("link", name="You will love").click()
    rex.get_by_role("button", name="Clear: right to ask").click()
    expect(rex.locator("form.undo")).to_contain_text("Cleared:")
    expect(rex.locator("form.undo")).to_have_count(0, timeout=SLOW)  # it has taken effect


def download(page: Page, name: str, path: Path) -> Path:
    link = page.get_by_role("link", name=name)
    expect(link).to_be_visible(timeout=SLOW)
    with page.expect_download() as started:
        link.click()
    started.value.save_as(path)
    return path


def verify(path: Path) -> int:
    """With a bare Python: no environment, no site packages, no path of ours."""
    command = [sys.executable, "-I", "-S", str(ROOT / "ledger/verify.py"), str(path)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def tampered(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    other = path.with_name("tampered.pdf")
    other.write_bytes(data)
    return other
