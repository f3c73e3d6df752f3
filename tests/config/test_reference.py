"""The pages in docs/reference say what is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

DOCS = Path(settings.BASE_DIR) / "docs"
OUR_APPS = {
    "config",
    "integrations",
    "approvals",
    "policy_builder",
    "clause_library",
    "organization",
    "ledger",
}
FOR_TESTS_ONLY = {"flush"}


def first_column(page):
    """The first word in code style of each table row."""
    return set(re.findall(r"^\| `([^ `]+)", (DOCS / "reference" / page).read_text(), re.MULTILINE))


def test_the_settings_page_lists_every_variable():
    source = (settings.BASE_DIR / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    assert first_column("settings.md") == read


def test_the_commands_page_lists_every_command_of_ours():
    ours = {name for name, app in get_commands().items() if app in OUR_APPS} - FOR_TESTS_ONLY
    scripts = {f"bin/{path.name}" for path in (settings.BASE_DIR / "bin").iterdir()}
    assert first_column("commands.md") == ours | scripts | {"migrate", "db_worker"}


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: page.stem)
def test_a_guide_names_only_settings_that_exist(page):
    named = set(re.findall(r"\b(COUNTERSIGN_\w+|DATABASE_URL)\b", page.read_text()))
    assert named <= first_column("settings.md")
