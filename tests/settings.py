"""Settings of the test run: the real ones, in a home of their own that is gone afterwards.

`HANDRAIL_DATABASE_URL` points the same tests at PostgreSQL (Django makes `test_<name>` there); without it, SQLite in a
file, because threads and locks behave there as they do for real. Nothing is read from a developer's own home or from
the `.env` that an operator keeps beside `run`, with the real database and the real mail server in it.
"""

import atexit
import base64
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path

_kept = {"HANDRAIL_DATABASE_URL", "HANDRAIL_TEST_DATABASE_URL"}
for _name in [name for name in os.environ if name.startswith("HANDRAIL_") and name not in _kept]:
    del os.environ[_name]
_home = Path(tempfile.mkdtemp(prefix="handrail-test-"))
(_home / "static").mkdir()
atexit.register(shutil.rmtree, _home, ignore_errors=True)


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


(_home / "key.json").write_text(json.dumps({"current": "1", "keys": {"1": _random_key()}, "pepper": _random_key()}))
(_home / "key.json").chmod(0o600)
os.environ.update(
    HANDRAIL_ENV_FILE="",
    HANDRAIL_HOME=str(_home),
    HANDRAIL_DEMO="0",
    HANDRAIL_SECRET_KEY=secrets.token_urlsafe(50),
    HANDRAIL_MAIL_URL="",
    HANDRAIL_LOG_LEVEL="WARNING",
)

from handrail.settings import *  # noqa: E402, F403
from handrail.settings import DATABASES, STORAGES  # noqa: E402

if "NAME" in DATABASES["default"] and str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}
    # A test database need not survive a power cut; everything else is as in the real one.
    _options: dict[str, object] = DATABASES["default"]["OPTIONS"]  # type: ignore[assignment]
    _options["init_command"] = str(_options["init_command"]).replace("synchronous=FULL", "synchronous=OFF")

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Passphrases still go through Argon2; only its cost is the smallest the library takes (read by people/door.py).
DOOR_COST = (1, 8, 1)
