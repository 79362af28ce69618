"""`./run manage rotate_keys`: a new install key; every person's data key is wrapped again with it.

In this order, so that a crash at any point leaves everything readable: the key file gets the new key beside the old
ones; the data keys are rewrapped in batches; only when none is left under an old key do the old keys leave the file.
Run it again after an interruption: it goes on where it stopped. A new key has forgotten nobody yet and needs not:
what it wraps is only who is still here. So turning it also makes a file small again that has forgotten many.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from handrail.kernel import keys
from handrail.kernel.models import DataKey

BATCH = 500


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.HANDRAIL.key_file
        with keys.turning(file) as ring:
            if len(ring.keys) == 1:
                ring = ring.with_new_key()
                ring.write(file)
        done = 0
        while rewrapped := rewrap_some(ring.current):
            done += rewrapped
        done += rewrap_the_last(ring.current)
        with keys.turning(file) as ring:  # read anew: it may have forgotten somebody meanwhile
            ring.only_current().write(file)
        self.stdout.write(f"{done} data keys are wrapped by key {ring.current}.")


def rewrap_some(current: str) -> int:
    """Wrap up to BATCH data keys again, in one transaction; answers how many."""
    with transaction.atomic():
        rows = list(DataKey.objects.select_for_update().exclude(wrapped_by=current).order_by("pk")[:BATCH])
        for row in rows:
            _rewrap(row)
        DataKey.objects.bulk_update([row for row in rows if row.pk], ["wrapped_by", "wrapped"])
    return len(rows)


def rewrap_the_last(current: str) -> int:
    """Those of people who signed up under an old key and were not committed when we looked: wait for them first.

    On SQLite the transaction of `rewrap_some` waits for every other writer by itself.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE kernel_datakey IN SHARE ROW EXCLUSIVE MODE")
        return rewrap_some(current)


def _rewrap(row: DataKey) -> None:
    """Somebody who was erased and came back with an older database has a key that nothing opens: it goes for good."""
    try:
        plain = keys.unwrap(row.owner_id, row.wrapped_by, bytes(row.wrapped))
    except keys.Forgotten:
        row.delete()
    else:
        row.wrapped_by, row.wrapped = keys.wrap(row.owner_id, plain, leaf=keys.leaf_of(bytes(row.wrapped)))
