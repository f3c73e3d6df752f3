"""A library that fits on a page: two shelves, three clauses, no playbook."""

from dataclasses import replace

from clause_library.files import ClauseText, Library, Shelf

SHELVES = (Shelf("disclosure", "Say who you are", "Honest names."), Shelf("money", "Money"))
GIVEAWAYS = ClauseText(
    name="giveaways",
    category="money",
    title="Giveaways",
    short="Clear a giveaway first.",
    why="Prizes have rules.",
    body="Clear each giveaway of {{ company_name }} first.",
    do=("Ask us first.",),
    dont=("Win a car!",),
    blanks=("company_name",),
)
CLAUSES = (
    ClauseText("names", "disclosure", "Names", "Use your name.", "Trust.", "Use your own name."),
    ClauseText("results", "money", "Results", "Wait.", "The law.", "Wait for the results."),
    GIVEAWAYS,
)


def small_library(**changes: object) -> Library:
    """With ``changes`` to the clause on giveaways, as an upgrade would bring them."""
    clauses = {clause.name: clause for clause in CLAUSES}
    clauses["giveaways"] = replace(GIVEAWAYS, **changes)
    return Library(SHELVES, blanks={}, clauses=clauses, playbooks={})
