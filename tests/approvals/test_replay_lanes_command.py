"""The command that reads every kept evaluation again."""

import pytest
from django.core.management import CommandError, call_command

from approvals.models import LaneTable, Screening

pytestmark = pytest.mark.django_db


def test_all_is_well(submission, capsys):
    call_command("replay_lanes")
    assert capsys.readouterr().out == "1 of 1 evaluations replay to the same answer.\n"


def test_what_does_not_replay_is_named_and_fails(submission, capsys):
    first = Screening.objects.get()
    Screening.objects.bulk_create(
        [Screening(revision=first.revision, edition=first.edition, lane="green", evaluation={})]
    )
    with pytest.raises(CommandError, match="1 do not"):
        call_command("replay_lanes")
    assert "1 of 2 evaluations" in capsys.readouterr().out
    assert LaneTable.objects.count() == 1
