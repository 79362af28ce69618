"""The folder an install lives in: keys, secrets, stylesheets, and a stamp that says what was prepared for.

Nothing here imports Django, so that a start with nothing to prepare costs nothing.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from handrail.kernel.environment import Environment

HOUSE = Path(__file__).resolve().parent.parent
ROOT = HOUSE.parent


def make_home(environment: Environment) -> None:
    """The folder (mode 0700) and what every process needs before Django can be set up."""
    environment.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = environment.home / "secret"
    if not environment.secret_key and not secret.is_file():
        write_private(secret, secrets.token_urlsafe(50).encode())


def write_private(path: Path, content: bytes) -> None:
    """Create `path` readable by its owner alone, all of it or nothing; an existing file is never replaced."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was quicker; its file counts
    finally:
        fresh.unlink()


def is_prepared(environment: Environment) -> bool:
    """Whether database, static files and keys were prepared by exactly this code for exactly this database."""
    stamp = _stamp_file(environment)
    return stamp.is_file() and stamp.read_text() == _fingerprint(environment)


def remember_prepared(environment: Environment) -> None:
    _stamp_file(environment).write_text(_fingerprint(environment))


def sqlite_file(environment: Environment) -> Path:
    return environment.home / ("demo.sqlite3" if environment.demo else "handrail.sqlite3")


def _stamp_file(environment: Environment) -> Path:
    return environment.home / ("prepared-demo" if environment.demo else "prepared")


def _fingerprint(environment: Environment) -> str:
    """Changes when a migration, a static file, the database or a key file does."""
    digest = hashlib.sha256(f"{environment.database_url}|{environment.demo}".encode())
    for path in sorted([*_what_is_prepared_from(), *_what_must_be_there(environment)]):
        found = path.stat() if path.exists() else None
        # A database put back from a backup is another file: only then may its schema be an older one.
        seen = found and (
            found.st_ino if path.suffix in {".sqlite3", ".json", ".pem"} else (found.st_size, found.st_mtime_ns)
        )
        digest.update(f"{path}|{seen}\n".encode())
    return digest.hexdigest()


def _what_is_prepared_from() -> Iterator[Path]:
    for pattern in ("*/migrations/*.py", "*/static/**/*.*", "demo/*.py", "settings.py"):
        yield from HOUSE.glob(pattern)


def _what_must_be_there(environment: Environment) -> Iterator[Path]:
    yield environment.key_file
    yield environment.push_key_file
    yield environment.home / "static" / "staticfiles.json"
    if not environment.database_url:
        yield sqlite_file(environment)
