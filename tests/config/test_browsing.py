"""The browser that the journeys use sees our pages and nothing else."""

import pytest

from tests.browsing import LAPTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_sign_in_page_opens_without_a_complaint(live, new_page, size):
    page = new_page(size)
    page.goto(live.url)
    assert page.url.startswith(f"{live.url}/sign-in/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_other_network_is_reached(new_page):
    page = new_page()
    reached = "fetch('https://example.com', {mode: 'no-cors'}).then(() => true, () => false)"
    assert page.evaluate(reached) is False
