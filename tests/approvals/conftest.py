"""A small policy in force, two channels, and a post that waits for Rex."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from approvals import actions, officers
from approvals.models import Channel
from tests.approvals.small_policy import issue_small_policy


@pytest.fixture
def edition(company, lea, quinn):
    """A policy of three provisions without checks, in force for everybody."""
    return issue_small_policy(drafter=lea, approver=quinn)


@pytest.fixture
def channel(rex):
    """An account that Rex reviews."""
    channel = Channel.objects.create(name="Own LinkedIn", network="linkedin")
    assign_perm("approvals.review_channel", rex, channel)
    return channel


@pytest.fixture
def standing(quinn, unit, channel, edition):
    """Quinn's word in advance for that account: what is green clears."""
    return officers.give_standing_approval(
        actor=quinn,
        units=[unit],
        channels=[channel],
        daily_cap=9,
        sampling_percent=0,
        ends_at=timezone.now() + dt.timedelta(days=9),
    )


@pytest.fixture
def write(edition, channel, ada):
    """Put a post forward as Ada, or as somebody else."""

    def write(text="We opened a bike shed today.", author=ada, **extra):
        post = {"key": uuid.uuid4(), "text": text, "channels": [channel]} | extra
        return actions.submit(actor=author, **post)

    return write


@pytest.fixture
def submission(write):
    """A post of Ada's that waits for Rex."""
    return write()
