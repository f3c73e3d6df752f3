"""What the OpenAPI says is what the API does: no server error, no undocumented answer, whatever is sent."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from approvals import actions, backing
from config.wsgi import application
from integrations import bearer
from integrations.api import api

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 25
OPERATIONS = [
    (method.upper(), path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]
bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def schema(settings, monkeypatch, edition, channel):
    """The API as it runs, without a limit a minute: it would answer nothing else."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.COUNTERSIGN_URL = "http://localhost"
    monkeypatch.setattr(bearer, "A_MINUTE", 10**6)
    for signal in [
        request_started,
        request_finished,
    ]:  # the test's transaction is this connection's
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in [request_started, request_finished]:
        signal.connect(close_old_connections)


@pytest.fixture
def cleared(write, rex):
    """A post of Ada's with its backing record."""
    submission = write("Our new shed is open.")
    seen = submission.revision.digest
    submission = actions.decide(submission, actor=rex, verdict="clear", seen=seen)
    backing.issue(submission.clearance.pk)
    return submission


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_server_error_and_no_undocumented_answer(
    schema, token_of, rex, ada, write, cleared, method, path, mode
):
    """Every second request is about what there is, by somebody who may, with what they saw."""
    person = rex if "decision" in path else ada
    headers = {"Authorization": f"Bearer {token_of(person)}", "Accept-Encoding": "identity"}
    statuses = []

    @bounded
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def run(case):
        if len(statuses) % 2:
            _aim(case, cleared if "published" in path or "record" in path else write())
        statuses.append(case.call_and_validate(checks=CHECKS, headers=headers).status_code)

    run()
    assert len(statuses) >= min(EXAMPLES, 3)
    if mode == GenerationMode.POSITIVE:
        assert min(statuses) < 300, "nothing that was asked rightly went well"


def _aim(case, submission):
    if "pk" in case.path_parameters:
        case.path_parameters["pk"] = str(submission.pk)
    if isinstance(case.body, dict):
        right = {
            "seen": submission.revision.digest,
            "channels": [channel.pk for channel in submission.channels.all()],
            "provision": "1.1",
            "window_until": None,
            "url": "",
        }
        case.body |= {name: value for name, value in right.items() if name in case.body}
