"""The house's own source, as the architecture tests read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "handrail"


def modules(pattern: str = "**/*.py") -> Iterator[Path]:
    """Our modules, without migrations (generated) and tests (they may look behind every door)."""
    for path in sorted(HOUSE.glob(pattern)):
        inside = path.relative_to(HOUSE).parts
        if "migrations" not in inside and "tests" not in inside:
            yield path


def imports(text: str, package: str) -> set[str]:
    """Full names of all that a module in `package` imports, wherever in the module it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)
