"""The tables in docs/ say what the code does."""

import re
from pathlib import Path

from clause_library.checks import bounds
from clause_library.checks.in_words import CATEGORY_WORDS, SEVERITY_WORDS, excuses_in_words
from clause_library.checks.kinds import KINDS
from clause_library.checks.screener import shared_words
from integrations import description
from integrations.api import api
from integrations.scopes import FOR_PROGRAMS
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


def cells(row):
    return [cell.strip().strip("`") for cell in row.strip("| \n").split(" | ")]


def tables_of(page):
    """The rows of each table by the first cell of its heading, in order."""
    tables = {}
    for block in re.findall(r"(?:^\|.*\n)+", (DOCS / page).read_text(), re.MULTILINE):
        head, _, *rows = block.splitlines()
        tables.setdefault(tuple(cells(head)), []).extend(cells(row) for row in rows)
    return tables


def ticked(names):
    return ", ".join(f"`{name}`" for name in names)


def listed(names):
    return ticked(names).strip("`")


def test_the_page_on_checks_says_what_the_kinds_say():
    tables = tables_of("reference/checks.md")
    assert tables["kind", "title", "looks for", "takes"] == [
        [name, kind.title, kind.about, listed(kind.takes)] for name, kind in KINDS.items()
    ]
    taken: dict[tuple, list] = {}
    for name, kind in KINDS.items():
        for key, param in kind.takes.items():
            how = f"some of {ticked(param.options)}" if param.options else param.shape.value
            said = (key, f"{param.title}. {param.says}", how.strip("`"))
            taken.setdefault(said, []).append(name)
    assert tables["kind", "key", "what it is", "how it is written"] == [
        [listed(names), *said] for said, names in taken.items()
    ]


def test_the_page_on_checks_lists_severities_categories_excuses_and_bounds():
    tables = tables_of("reference/checks.md")
    assert tables["severity", "title", "what happens"] == [
        [name, *words] for name, words in SEVERITY_WORDS.items()
    ]
    assert tables["category", "title"] == [list(one) for one in CATEGORY_WORDS.items()]
    assert tables["excuse", "title", "holds where"] == [
        [name, *words] for name, words in excuses_in_words().items()
    ]
    named = ticked(f"{{{name}}}" for name in sorted(shared_words()["words"]))
    assert f"Words that all checks share: {named}." in (DOCS / "reference/checks.md").read_text()
    assert [int(most) for _, most in tables["bound", "most"]] == [
        bounds.MOST_CHECKS,
        bounds.MOST_LINES,
        bounds.LONGEST_LINE,
        bounds.MOST_EXAMPLES,
        bounds.LONGEST_EXAMPLE,
        bounds.LONGEST_MESSAGE,
        bounds.LARGEST_CHECK,
        bounds.LARGEST_CLAUSE,
    ]


def test_the_page_on_the_api_lists_its_operations_and_scopes():
    tables = tables_of("reference/api.md")
    assert tables["operation", "scopes", "answers", "refusals"] == [
        [
            f"{one.method} {one.path}",
            ", ".join(one.scopes),
            ", ".join(str(status) for status, _ in one.answers),
            ", ".join(map(str, one.refusals)),
        ]
        for one in description.operations(api.get_openapi_schema())
    ]
    said = {name: says.lower() for name, says in tables["scope", "what it lets a program do"]}
    assert said == {scope.value: scope.label.lower() for scope in FOR_PROGRAMS}
