"""What a database keeps of deleted rows in its own files, and how that goes too."""

import logging

from django.db import connection

log = logging.getLogger(__name__)


def empty_the_log() -> bool:
    """On SQLite: write the write-ahead log into the database and cut it to nothing. Answers whether that was possible.

    Deleted rows are overwritten with zeros in the database itself (`secure_delete`). While somebody reads an older
    state, the log has to stay: then it is tried again a little later. PostgreSQL keeps dead rows until VACUUM and
    whole pages in its own log: see SECURITY.md.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _in_log, _written = cursor.fetchone()
    if busy:
        log.info("leaving.log_busy")
    return not busy
