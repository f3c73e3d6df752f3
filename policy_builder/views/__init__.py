"""Pages of policies: write one, read one, acknowledge one."""

from .acknowledging import acknowledge, due, receipt, receipt_json, receipt_pdf, round_, team
from .drafting import (
    add,
    draft,
    interview,
    issue,
    move,
    new_edition,
    provision,
    reopen,
    review,
    start,
    submit,
    take_in,
    use_newest,
)
from .texts import edition, html, pdf, policies, provision_link, read

__all__ = [
    "acknowledge",
    "add",
    "draft",
    "due",
    "edition",
    "html",
    "interview",
    "issue",
    "move",
    "new_edition",
    "pdf",
    "policies",
    "provision",
    "provision_link",
    "read",
    "receipt",
    "receipt_json",
    "receipt_pdf",
    "reopen",
    "review",
    "round_",
    "start",
    "submit",
    "take_in",
    "team",
    "use_newest",
]
