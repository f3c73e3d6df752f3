"""Settings for tests: a data folder of this process's own, cheap passwords, mails kept in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="countersign-tests."))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["COUNTERSIGN_DATA"] = str(DATA)
for name in list(os.environ):
    if name.startswith("COUNTERSIGN_") and name != "COUNTERSIGN_DATA":
        del os.environ[name]

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
COUNTERSIGN_UNDO_SECONDS = 0  # verdicts take effect at once, but for tests about taking them back
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads share it as processes do; durability is not what tests wait for.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
