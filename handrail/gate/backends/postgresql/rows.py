"""Wall five: PostgreSQL itself shows only rows of owners that the gate opened in this transaction.

Every table of records has row-level security, forced on its owner too. Raw SQL and a forgotten filter see nothing until
the gate says whose rows are open, and nothing again after the transaction. It holds against our own mistakes, and not
against somebody who has the role's password and means it: such a client can set these variables too. Tables that are no
records have none of it: the access log, memberships, grants and the outbox, which the gate itself is decided by.
"""

from typing import Any

from handrail.gate.backends.wall import guarded_tables
from handrail.gate.opening import GateShut, Window

OWNERS, ROW, UPKEEP = "handrail.owners", "handrail.row", "handrail.upkeep"

# A sub-select is worked out once a statement, not once a row.
_OPEN = f"owner_id = ANY ((SELECT string_to_array(current_setting('{OWNERS}', true), ','))::text[])"
_UPKEEP = f"(SELECT current_setting('{UPKEEP}', true)) = 'on'"
_ONE_ROW = f"id = (SELECT current_setting('{ROW}', true))"


def show(psycopg_connection: Any, wanted: Window, *, in_transaction: bool, begins: bool = False) -> None:
    """Set what the transaction may see. Outside a transaction only upkeep may see anything.

    `begins`: the transaction that reads begins with it, in the same message to the server.
    """
    if not in_transaction and not wanted.everything:
        raise GateShut("a person's rows are read within a transaction")
    begin = "BEGIN READ ONLY; " if begins else ""
    psycopg_connection.execute(
        f"{begin}SELECT set_config('{OWNERS}', %s, %s), set_config('{ROW}', %s, %s), set_config('{UPKEEP}', %s, %s)",
        [
            ",".join(wanted.owners), in_transaction,
            wanted.row, in_transaction,
            "on" if wanted.everything else "off", in_transaction,
        ],
    )  # fmt: skip


def raise_wall(cursor: Any) -> None:
    """Put row-level security on every table of records that has none yet. Safe to run again."""
    for table in guarded_tables():
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        cursor.execute(f'DROP POLICY IF EXISTS handrail_gate ON "{table}"')
        cursor.execute(
            f'CREATE POLICY handrail_gate ON "{table}" USING ({_OPEN} OR {_ONE_ROW} OR {_UPKEEP})'
            f" WITH CHECK ({_OPEN} OR {_UPKEEP})"
        )


def faults(cursor: Any) -> list[str]:
    """What is wrong with the wall, for whoever starts the house; empty when it stands."""
    # Roles that ours is a member of count as well: it could take one on with SET ROLE. A superuser is one of all.
    cursor.execute(
        "SELECT 1 FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER') LIMIT 1"
    )
    found = []
    if cursor.fetchone():
        found.append("The database role can bypass row-level security: give Handrail a role that cannot.")
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        " AND relname = ANY (%s) AND NOT (relrowsecurity AND relforcerowsecurity)",
        [list(guarded_tables())],
    )
    if open_tables := sorted(name for (name,) in cursor.fetchall()):
        found.append(f"No row-level security on {', '.join(open_tables)}: run `./run manage migrate`.")
    return found
