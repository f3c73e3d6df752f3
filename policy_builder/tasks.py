"""Work that can wait: it may run twice, and a row written with the act says what is still to do (invariant 11)."""

from uuid import UUID

from django_tasks import task

from organization import notices

from . import receipts
from .models import Acknowledgement, Round


@task()
def render_edition(edition: str) -> None:
    """Make the edition's page and PDF."""
    receipts.render_edition(UUID(edition))


@task()
def issue_receipt(acknowledgement: str) -> None:
    """Make the receipt that the person keeps."""
    receipts.issue_receipt(UUID(acknowledgement))


@task()
def tell_who_is_due(opened: str) -> None:
    """Tell everybody in a round who is still due and has not been told."""
    found = Round.objects.select_related("edition__policy").get(pk=opened)
    for acknowledgement in (
        Acknowledgement.objects.due().filter(round=found).select_related("person").iterator()
    ):
        notices.tell(
            acknowledgement.person,
            "due",
            f"due:{found.pk}",
            {
                "policy_title": found.edition.policy.title,
                "due_on": found.due_at.date().isoformat(),
            },
            path=f"/policies/{found.edition.policy.slug}/acknowledge/",
        )
