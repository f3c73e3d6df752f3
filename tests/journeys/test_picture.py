"""Ada sends a photograph from her phone with a post; it goes up at once, and no longer says where it was taken."""

import re

import pytest
from playwright.sync_api import expect

from tests import files
from tests.browsing import LAPTOP, PHONE
from tests.journeys.test_every_page import faults, open_as

pytestmark = [pytest.mark.browser, pytest.mark.slow]
POST = re.compile(r"/posts/[0-9a-f-]{36}/$")


@pytest.fixture(scope="module")
def demonstration(live):
    lines = [line.split() for line in live.manage("demo").splitlines() if "@" in line]
    live.passwords = {words[0].split(".")[0]: (words[0], words[1]) for words in lines}
    return live


def chosen(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_a_photograph_goes_up_at_once_and_is_seen_by_the_reviewer(demonstration, new_page):
    page = open_as(demonstration, new_page(PHONE), "ada")
    page.goto(f"{demonstration.url}/posts/new/")
    page.get_by_label("Your post").fill("Open day at the depot. Thank you for coming.")
    page.get_by_label("Own LinkedIn").check()
    page.get_by_text("Pictures, video or a PDF").click()
    file = page.get_by_label("File of picture or video 1")
    file.set_input_files(chosen("holiday.jpg", files.archive()))
    expect(page.get_by_text("This is an archive, whatever its name says.")).to_be_visible()
    file.set_input_files(chosen("letter.txt", files.from_a_phone(turned=6, size=(400, 300))))
    expect(page.get_by_text("We took out where it was taken")).to_be_visible()
    alt_text = page.get_by_label("Alt text").first
    expect(alt_text).to_be_focused()
    alt_text.fill("A red wall.")
    page.get_by_label("Whose it is").first.select_option("unknown")
    page.get_by_role("button", name="Get it cleared").click()
    page.wait_for_url(POST)
    path = page.url
    picture = page.get_by_role("img", name="A red wall.").first
    size = picture.evaluate("async one => { await one.decode(); return one.naturalWidth; }")
    assert size == 300
    assert list(faults(page, path)) == []

    review = open_as(demonstration, new_page(LAPTOP, color_scheme="dark"), "rex")
    assert list(faults(review, f"{path}review/")) == []
    review.goto(f"{path}review/")
    review.get_by_text("As networks crop it").click()
    expect(review.get_by_role("img", name="A red wall.")).to_have_count(5)

    page.goto(f"{path}edit/")
    page.get_by_role("button", name=re.compile("Take it out")).click()
    expect(page.get_by_text("We took out where it was taken")).to_have_count(0)
    assert list(faults(page, f"{path}edit/")) == []


def test_without_javascript_a_file_goes_up_with_a_press(demonstration, new_page):
    page = open_as(demonstration, new_page(PHONE, java_script_enabled=False), "ada")
    page.goto(f"{demonstration.url}/posts/new/")
    page.get_by_label("Your post").fill("Open day at the depot.")
    page.get_by_label("Own LinkedIn").check()
    page.get_by_text("Pictures, video or a PDF").click()
    page.get_by_label("File of picture or video 1").set_input_files(
        chosen("film.mp4", files.video(told=True))
    )
    page.get_by_role("button", name="Send it up").first.click()
    expect(page.get_by_text("We took out where it was taken")).to_be_visible()
    expect(page.get_by_label("Your post")).to_have_value("Open day at the depot.")
    page.get_by_role("button", name="Get it cleared").click()
    page.wait_for_url(POST)
    expect(page.locator("video")).to_be_visible()
