"""The pages of the organization in a real browser: the set-up walked through, and each page judged by axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browsing import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "four green kettles whistle"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/people/",
    "/people/invite/",
    "/units/",
    "/company/",
    "/preferences/",
    "/password/",
    "/notices/",
]


def judge(page):
    """No finding by axe, and nothing to scroll sideways."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def administrator(live, browser):
    """Amin, who has walked through the set-up; the state of his browser."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(re.search(r"http://\S+/setup/\S+", live.printed)[0])
    judge(page)
    page.get_by_label("Your name").fill("Amin Rahimi")
    page.get_by_label("Your e-mail address").fill("amin@acme.example")
    page.get_by_label("Your business unit").fill("Head office")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    judge(page)
    page.get_by_label("Name of the company").fill("Acme")
    page.get_by_label("Brands and products").fill("RoadRunner")
    page.get_by_role("button", name="Send me a test mail").click()
    page.get_by_text("A test mail is on its way").wait_for()
    assert page.get_by_label("Brands and products").input_value() == "RoadRunner"
    page.get_by_role("button", name="Finish the set-up").click()
    page.get_by_role("heading", name="People").wait_for()
    yield context.storage_state()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_no_page_has_a_finding(size, scheme, administrator, live, new_page):
    page = new_page(size, color_scheme=scheme, storage_state=administrator)
    for path in PAGES:
        page.goto(live.url + path)
        judge(page)
    page.goto(live.url + "/people/")
    page.get_by_role("link", name="Amin Rahimi").click()
    judge(page)
    stranger = new_page(size, color_scheme=scheme)
    for path in ["/sign-in/", "/forgotten/", "/accept/x/y/"]:
        stranger.goto(live.url + path)
        judge(stranger)


def test_the_menu_works_by_keyboard_alone(administrator, live, new_page):
    page = new_page(PHONE, storage_state=administrator)
    page.goto(live.url + "/people/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    menu = page.get_by_role("link", name="Preferences")
    menu.wait_for()
    page.keyboard.press("Escape")
    assert not menu.is_visible()


def test_signing_in_and_out_works_without_scripts(administrator, live, new_page):
    page = new_page(PHONE, java_script_enabled=False)
    page.goto(live.url + "/preferences/")
    page.get_by_label("E-mail address").fill("amin@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Preferences").wait_for()
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()


def test_the_device_s_time_zone_is_one_press_away(administrator, live, new_page):
    page = new_page(LAPTOP, storage_state=administrator, timezone_id="Asia/Tokyo")
    page.goto(live.url + "/preferences/")
    page.get_by_role("button", name="Use Asia/Tokyo").click()
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"
