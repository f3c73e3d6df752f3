"""The scripts are plain POSIX sh, and stop at the first error."""

import os
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

SCRIPTS = [*sorted(Path(settings.BASE_DIR, "bin").iterdir()), settings.BASE_DIR / ".ci/run"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_posix_sh_and_can_be_run(script):
    words = script.read_text()
    assert words.startswith("#!/bin/sh\n# ")
    assert "[[" not in words
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


def test_with_postgres_hands_back_the_exit_code_and_leaves_no_server():
    command = [settings.BASE_DIR / "bin/with-postgres", "sh", "-c", "echo $DATABASE_URL; exit 7"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == 69:
        pytest.skip("There is no PostgreSQL on this machine.")
    assert done.returncode == 7, done.stderr
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", urlsplit(done.stdout).port))
