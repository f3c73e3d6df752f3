"""A reviewer's minute on a phone: one press decides, one takes it back; another wording is taken by its author."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_every_page import open_as

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = (375, 740)
SLOW = 30_000  # milliseconds; a busy machine
POST = "The canteen has a new menu, and I tried all of it before noon. {}"
BETTER = "The canteen has a new menu, and I tried most of it before noon."


@pytest.fixture(scope="module")
def demonstration(live):
    lines = [line.split() for line in live.manage("demo").splitlines() if "@" in line]
    live.passwords = {words[0].split(".")[0]: (words[0], words[1]) for words in lines}
    return live


def put_forward(live, number: int) -> str:
    """A post of Ada's that waits for Rex; its path."""
    return live.python(
        "import uuid\n"
        "from approvals import actions\n"
        "from approvals.models import Channel\n"
        "from organization.models import Person\n"
        "ada = Person.objects.get(email='ada.ahmed@acme.example')\n"
        "channel = Channel.objects.get(name='Acme on X')\n"
        "post = actions.submit(actor=ada, key=uuid.uuid4(), channels=[channel],"
        f" text={POST.format(number)!r})\n"
        "print(f'/posts/{post.pk}/')"
    ).strip()


def test_an_amber_post_is_decided_by_one_press_and_undone_by_another(demonstration, new_page):
    path = put_forward(demonstration, 1)
    rex = open_as(demonstration, new_page(PHONE), "rex")
    rex.goto(f"{demonstration.url}{path}review/")
    rex.get_by_role("button", name="Clear", exact=True).click()
    bar = rex.locator("form.undo")
    expect(bar).to_contain_text("Cleared:")
    bar.get_by_role("button", name="Undo").click()
    expect(rex.get_by_text("Taken back. It is in review again")).to_be_visible()
    expect(rex).to_have_url(f"{demonstration.url}{path}review/")
    ada = open_as(demonstration, new_page(PHONE), "ada")
    ada.goto(f"{demonstration.url}{path}")
    expect(ada.get_by_text("In review", exact=True)).to_be_visible()


def test_the_keys_decide_and_never_while_somebody_types(demonstration, new_page):
    path = put_forward(demonstration, 2)
    rex = open_as(demonstration, new_page(), "rex")
    rex.goto(f"{demonstration.url}{path}review/")
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
    expect(rex.locator("form.undo")).to_contain_text("Cleared:")
    rex.keyboard.press("u")
    expect(rex.get_by_text("Taken back. It is in review again")).to_be_visible()


def test_another_wording_is_taken_by_its_author_in_one_press(demonstration, new_page):
    path = put_forward(demonstration, 3)
    rex = open_as(demonstration, new_page(PHONE), "rex")
    rex.goto(f"{demonstration.url}{path}review/")
    rex.get_by_text("Clear it with this wording").click()
    rex.get_by_label("With this wording").fill(BETTER)
    rex.get_by_role("button", name="Offer this wording").click()
    expect(rex.locator("form.undo")).to_contain_text("Other wording offered:")
    ada = open_as(demonstration, new_page(PHONE), "ada")
    ada.goto(f"{demonstration.url}{path}")
    expect(ada.get_by_role("button", name="Take this wording")).to_have_count(0)
    expect(rex.locator("form.undo")).to_have_count(0, timeout=SLOW)  # the ten seconds are over
    ada.reload()
    expect(ada.locator(".redline")).to_contain_text("most")
    ada.get_by_role("button", name="Take this wording").click()
    expect(ada.get_by_role("heading", name="The company stands behind this post")).to_be_visible()
    expect(ada.locator("blockquote.post")).to_have_text(BETTER)
