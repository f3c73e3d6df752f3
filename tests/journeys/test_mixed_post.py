"""Ada's post is half about pay. In a browser she takes that half out, and submits the rest."""

import pytest
from playwright.sync_api import expect

from tests.browsing import PHONE
from tests.journeys.test_every_page import open_as

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAY = "My pay at Acme has not gone up in three years, and my colleagues say the same."
MIXED = f"Our income fund is guaranteed to return 10% a year. {PAY} Ask me how 🙂."
REST = "Our income fund is guaranteed to return 10% a year. Ask me how 🙂."


@pytest.fixture(scope="module")
def demonstration(live):
    lines = [line.split() for line in live.manage("demo").splitlines() if "@" in line]
    live.passwords = {words[0].split(".")[0]: (words[0], words[1]) for words in lines}
    return live


def test_the_protected_part_leaves_the_box_and_the_rest_is_submitted(demonstration, new_page):
    page = open_as(demonstration, new_page(PHONE), "ada")
    page.goto(f"{demonstration.url}/posts/new/")
    box = page.get_by_label("Your post")
    box.fill(MIXED)
    page.get_by_label("Own LinkedIn").check()
    page.get_by_role("button", name="Take that part out").click()
    expect(box).to_have_value(REST)
    expect(page.get_by_role("button", name="Keep it together")).to_have_count(0)
    expect(page.get_by_text("Taken out. You may post this freely")).to_be_visible()
    expect(page.get_by_text(PAY, exact=True)).to_be_visible()
    page.get_by_role("button", name="Get it cleared").click()
    expect(page.get_by_role("heading", name="Your post")).to_be_visible()
    expect(page.locator("blockquote.post")).to_contain_text("Our income fund is guaranteed")
    stored = demonstration.python(
        "from approvals.models import Revision\n"
        f"print(Revision.objects.filter(text={REST!r}).count(),\n"
        "  Revision.objects.filter(text__contains='My pay at Acme').count())"
    )
    assert stored.split() == ["1", "0"]
