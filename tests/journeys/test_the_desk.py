"""A reviewer's minute on a phone: one press decides, one takes it back; another wording is taken by its author."""

import pytest
from playwright.sync_api import expect

from tests.browsing import LAPTOP
from tests.journeys.test_the_whole_path import PEOPLE, sign_in
from tests.living import running

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = (375, 740)
SLOW = 30_000  # milliseconds; a busy machine
POLICY = """
from tests.approvals.small_policy import issue_small_policy
people = Person.objects
issue_small_policy(drafter=people.get(name="Lea"), approver=people.get(name="Quinn"))
"""
POST = "The canteen has a new menu, and I tried all of it before noon. {}"
BETTER = "The canteen has a new menu, and I tried most of it before noon."


def made(folder, seconds: int):
    """Four people, a policy in force without checks, a channel that Rex reviews, and this long to undo."""
    with running(folder, COUNTERSIGN_UNDO_SECONDS=str(seconds)) as live:
        live.python(PEOPLE + POLICY)
        yield live


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """Where no machine is too slow to undo."""
    yield from made(tmp_path_factory.mktemp("patient"), 600)


@pytest.fixture(scope="module")
def prompt(tmp_path_factory):
    """Where a verdict takes effect at once."""
    yield from made(tmp_path_factory.mktemp("prompt"), 0)


def put_forward(live, number: int) -> str:
    """A post of Ada's that waits for Rex; its path."""
    return live.python(
        "import uuid\n"
        "from approvals import actions\n"
        "from approvals.models import Channel\n"
        "from organization.models import Person\n"
        "post = actions.submit(actor=Person.objects.get(name='Ada'), key=uuid.uuid4(),\n"
        f"  channels=[Channel.objects.get()], text={POST.format(number)!r})\n"
        "print(f'/posts/{post.pk}/')"
    ).strip()


def test_an_amber_post_is_decided_by_one_press_and_undone_by_another(patient, new_page):
    path = put_forward(patient, 1)
    rex = sign_in(new_page(PHONE), patient.url, "Rex")
    rex.goto(f"{patient.url}{path}review/")
    rex.get_by_role("button", name="Clear", exact=True).click()
    bar = rex.locator("form.undo")
    expect(bar).to_contain_text("Cleared:", timeout=SLOW)
    bar.get_by_role("button", name="Undo").click()
    expect(rex.get_by_text("Taken back. It is in review again")).to_be_visible(timeout=SLOW)
    expect(rex).to_have_url(f"{patient.url}{path}review/")
    ada = sign_in(new_page(PHONE), patient.url, "Ada")
    ada.goto(f"{patient.url}{path}")
    expect(ada.get_by_text("In review", exact=True)).to_be_visible()


def test_the_keys_decide_and_never_while_somebody_types(patient, new_page):
    path = put_forward(patient, 2)
    rex = sign_in(new_page(LAPTOP), patient.url, "Rex")
    rex.goto(f"{patient.url}{path}review/")
    rex.keyboard.press("w")
    box = rex.get_by_label("With this wording")
    expect(box).to_be_focused()
    rex.keyboard.type("cadju?")
    expect(box).to_have_value(f"{POST.format(2)}cadju?")
    expect(rex.get_by_text("You are looking at it until")).to_be_visible()
    rex.get_by_role("heading", level=1).click()
    rex.keyboard.press("?")
    expect(rex.get_by_text("clear with other wording")).to_be_visible()
    rex.keyboard.press("c")
    expect(rex.locator("form.undo")).to_contain_text("Cleared:", timeout=SLOW)
    rex.wait_for_load_state()  # keys are heard once the script has run
    rex.keyboard.press("u")
    expect(rex.get_by_text("Taken back. It is in review again")).to_be_visible(timeout=SLOW)


def test_another_wording_is_taken_by_its_author_in_one_press(prompt, new_page):
    path = put_forward(prompt, 3)
    rex = sign_in(new_page(PHONE), prompt.url, "Rex")
    rex.goto(f"{prompt.url}{path}review/")
    rex.get_by_text("Clear it with this wording").click()
    rex.get_by_label("With this wording").fill(BETTER)
    rex.get_by_role("button", name="Offer this wording").click()
    expect(rex.get_by_text("Decided. The author has been told.")).to_be_visible(timeout=SLOW)
    ada = sign_in(new_page(PHONE), prompt.url, "Ada")
    ada.goto(f"{prompt.url}{path}")
    expect(ada.locator(".redline")).to_contain_text("most")
    ada.get_by_role("button", name="Take this wording").click()
    expect(ada.get_by_role("heading", name="The company stands behind this post")).to_be_visible()
    expect(ada.locator("blockquote.post")).to_have_text(BETTER)
