"""What the operator is told. Ids and numbers, nobody's name."""

from collections.abc import Sequence

from handrail.watch.logs import Broken

MOST = 50


def logs_broken(found: Sequence[Broken]) -> tuple[str, str]:
    """(subject, text) of the mail."""
    lines = [where(each) for each in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"And {len(found) - MOST} more.")
    lines += [
        "",
        "Somebody changed, removed or moved entries in the database. Keep a copy of it, look who had access,"
        " and compare with a backup. `./run manage check_log` checks again.",
    ]
    return "An access log does not hold", "\n".join(lines)


def where(found: Broken) -> str:
    if not found.owner_id:
        return f"The log of programs and posts does not hold from entry {found.number} on."
    return f"The log of {found.owner_id} does not hold from entry {found.number} on."
