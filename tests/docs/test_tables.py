"""The tables in docs/ say what the code does."""

import re
from pathlib import Path

from organization.roles import GRANTS

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| (\S+) \| (.+) \|$", re.MULTILINE)


def test_the_roles_page_lists_exactly_the_grants():
    rows = dict(ROW.findall((DOCS / "reference/roles.md").read_text()))
    del rows["role"], rows["---"]
    assert {role: set(grants.split(", ")) for role, grants in rows.items()} == {
        role.value: set(grants) for role, grants in GRANTS.items()
    }


def test_every_page_that_the_docs_point_to_is_there():
    missing = [
        f"{page.name}: {target}"
        for page in DOCS.rglob("*.md")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert missing == []


def test_every_folder_of_the_architecture_page_is_there():
    page = (DOCS / "architecture.md").read_text()
    root = DOCS.parent
    named = [name for name, _ in ROW.findall(page) if name.startswith("`")]
    assert named
    assert [name for name in named if not (root / name.strip("`")).is_dir()] == []
