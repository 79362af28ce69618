"""Everything that is done once: key files, tables, static files, and the demo's people.

Runs as a process of its own (`python -m handrail.startup.prepare`), so that the parent never has to hold Django.
"""

import os
import signal
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from handrail.kernel.environment import Environment
from handrail.startup.home import ROOT, make_home, remember_prepared, write_private

MIGRATING = 0x48414E44  # any fixed number: the name of PostgreSQL's advisory lock


def prepare(environment: Environment, *, for_real: bool) -> None:
    """Raises SystemExit with one line where a real install would serve a demo's database."""
    _make_tables()
    if not for_real:
        _make_keys(environment)
    _keep_forgotten_what_was()
    if for_real and (faults := _wall_five_faults()):
        raise SystemExit("\n".join(faults))
    if for_real and _holds_the_demo():
        raise SystemExit("This database holds the demo's invented people: give the real install its own.")
    if _is_older_than_sources(Path(settings.STATIC_ROOT) / "staticfiles.json"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    if environment.demo:
        call_command("seed_demo")
    remember_prepared(environment)


def _make_keys(environment: Environment) -> None:
    """A fresh install's key ring and its web-push identity. An existing file is never touched.

    A lost key is not answered with a new one where somebody's words are sealed with the old.
    """
    from handrail.kernel.keys import InstallKeys
    from handrail.kernel.models import DataKey

    if not environment.key_file.exists():
        if DataKey.objects.exists():
            raise SystemExit(f"The key file {environment.key_file} is gone, and people's words need it: put it back.")
        InstallKeys.fresh().write(environment.key_file)
    if not environment.push_key_file.exists():
        write_private(environment.push_key_file, _push_identity())


def _keep_forgotten_what_was() -> None:
    """What an erasure took stays gone, whichever was put back from before it: the key file or the database."""
    from handrail.kernel.keys import forget_leaves, give_leaves
    from handrail.leaving.actions import erase_again

    give_leaves()
    forget_leaves()
    erase_again()


def _push_identity() -> bytes:
    """The private key (P-256, PEM) that push services know this install by (VAPID, RFC 8292)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _make_tables() -> None:
    """Migrate; on PostgreSQL one node at a time, the others wait and then find nothing to do."""
    from django.db import connection

    if connection.vendor != "postgresql":
        call_command("migrate", interactive=False, verbosity=0)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _is_older_than_sources(manifest: Path) -> bool:
    if not manifest.is_file():
        return True
    from django.contrib.staticfiles.finders import get_finders

    made = manifest.stat().st_mtime
    found = (Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([]))
    return any(source.stat().st_mtime > made for source in found)


def _wall_five_faults() -> list[str]:
    """On PostgreSQL: does the database itself hide people's rows from whoever has not been let in?"""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    from handrail.gate.backends.postgresql import rows

    with connection.cursor() as cursor:
        return rows.faults(cursor)


def _holds_the_demo() -> bool:
    from handrail.demo.queries import is_demo_database

    return is_demo_database()


def main(options: list[str]) -> None:
    environment = Environment.read(ROOT)
    make_home(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handrail.settings")
    django.setup()
    if "--keys-only" in options:
        _make_tables()
        _make_keys(environment)
    else:
        prepare(environment, for_real="--for-real" in options)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word; what is half done is rolled back
    main(sys.argv[1:])
