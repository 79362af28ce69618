"""The table of settings in the README, made from `Environment` itself: `python -m tests.documents.settings_table`."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from handrail.kernel.environment import PREFIX, Environment

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def table() -> str:
    rows = ["| setting | default | what it does |", "|---|---|---|"]
    for item in fields(Environment):
        rows.append(f"| `{PREFIX}{item.name.upper()}` | {_shown(item.default)} | {item.metadata['doc']} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """The README's text with what stands between the two marks replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{int(default)}`"
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    return f"`{text}`" if text else "empty"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
