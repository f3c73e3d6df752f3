"""Work that can wait: it may run twice, and a row written with the act says what is still to do (invariant 11)."""

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from organization import notices

from . import receipts
from .models import Acknowledgement, Round


@task(priority=60)  # receipts need its PDF
def render_edition(edition: str) -> None:
    """Make the edition's page and PDF."""
    receipts.render_edition(UUID(edition))


@task()
def issue_receipt(acknowledgement: str) -> None:
    """Make the receipt that the person keeps."""
    receipts.issue_receipt(UUID(acknowledgement))


@task()
def tell_who_is_due(opened: str) -> None:
    """Tell everybody in a round who is due and has not been told, once its edition is in force."""
    found = Round.objects.select_related("edition__policy").get(pk=opened)
    untold = Acknowledgement.objects.untold().filter(round=found).select_related("person__unit")
    for acknowledgement in untold:
        person = acknowledgement.person
        notices.tell(
            person,
            "due",
            f"due:{acknowledgement.number}",
            {
                "policy_title": found.edition.policy.title,
                "due_on": timezone.localdate(found.due_at, person.zone).isoformat(),
            },
            path=f"/policies/{found.edition.policy.slug}/acknowledge/",
        )
