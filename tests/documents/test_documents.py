"""What the documents say is so: settings, commands and files that they name exist, and the other way round."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from handrail.__main__ import USAGE
from handrail.kernel.environment import PREFIX, Environment
from tests.documents import settings_table

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md", "ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/design-system.md",
    "docs/under-pressure.md", "docs/performance.md", "docs/texts.md", "docs/export.md",
    "handrail/library/content/README.md",
]  # fmt: skip

SETTINGS = {PREFIX + item.name.upper() for item in fields(Environment)}


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def test_the_table_of_settings_is_the_one_the_code_makes() -> None:
    """Red? `python -m tests.documents.settings_table` writes it anew."""
    assert settings_table.with_table(text_of("README.md")) == text_of("README.md")


def test_a_setting_that_changed_would_be_noticed() -> None:
    stale = text_of("README.md").replace("| `8000` |", "| `9000` |")
    assert stale != text_of("README.md")
    assert settings_table.with_table(stale) == text_of("README.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_that_a_document_names_exists(name) -> None:
    assert set(re.findall(r"HANDRAIL_[A-Z_]*[A-Z]", text_of(name))) <= SETTINGS


def test_every_setting_stands_in_the_readme() -> None:
    assert set(re.findall(r"HANDRAIL_[A-Z_]*[A-Z]", text_of("README.md"))) == SETTINGS


def test_every_command_of_run_stands_in_the_readme_and_no_other() -> None:
    choices = USAGE.partition("./run [")[2].rstrip("]").split(" | ")
    assert set(re.findall(r"\./run ([a-z]+)", text_of("README.md"))) == {choice.split()[0] for choice in choices}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name) -> None:
    text, here = text_of(name), (ROOT / name).parent
    linked = {target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target}
    named = set(re.findall(r"`((?:handrail|tests|deploy|docs|benchmarks|\.ci)/[\w./-]+)`", text))
    missing = [file for file in linked - {""} if not (here / file).exists()] + [
        file for file in named if not (ROOT / file).exists()
    ]
    assert missing == []


OWN_FOLDERS = ("root", "home", "tmp", "work", "Users")  # where a developer's own files tend to lie


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_speaks_of_no_developers_machine(name) -> None:
    assert not re.findall(rf"/(?:{'|'.join(OWN_FOLDERS)})/", text_of(name))


def test_the_deploy_files_name_only_settings_that_exist() -> None:
    for file in sorted((ROOT / "deploy").iterdir()):
        assert set(re.findall(r"HANDRAIL_[A-Z_]*[A-Z]", file.read_text())) <= SETTINGS
