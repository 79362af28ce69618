import os
from dataclasses import replace
from pathlib import Path

import pytest

from handrail.kernel.environment import Environment
from handrail.startup import home


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(home=tmp_path / "house")


def test_the_home_and_its_secret_are_for_its_owner_alone(environment: Environment) -> None:
    before = os.umask(0)
    try:
        home.make_home(environment)
    finally:
        os.umask(before)
    assert environment.home.stat().st_mode & 0o777 == 0o700
    assert (environment.home / "secret").stat().st_mode & 0o777 == 0o600


def test_a_secret_is_made_once(environment: Environment) -> None:
    home.make_home(environment)
    first = (environment.home / "secret").read_text()
    home.make_home(environment)
    assert (environment.home / "secret").read_text() == first
    assert len(first) >= 50


def test_a_private_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "push.pem"
    home.write_private(file, b"first")
    home.write_private(file, b"second")
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


def prepared(environment: Environment) -> Environment:
    home.make_home(environment)
    for file in (environment.key_file, environment.push_key_file, home.sqlite_file(environment)):
        file.touch()
    home.remember_prepared(environment)
    return environment


def test_what_was_prepared_needs_no_second_preparing(environment: Environment) -> None:
    assert not home.is_prepared(environment)
    assert home.is_prepared(prepared(environment))


def test_words_written_to_the_database_change_nothing_about_that(environment: Environment) -> None:
    home.sqlite_file(prepared(environment)).write_text("a day passed")
    assert home.is_prepared(environment)


@pytest.mark.parametrize("lost", ["handrail.sqlite3", "key.json", "push.pem"])
def test_a_lost_file_is_noticed(environment: Environment, lost: str) -> None:
    (prepared(environment).home / lost).unlink()
    assert not home.is_prepared(environment)


def test_another_database_is_prepared_on_its_own(environment: Environment) -> None:
    prepared(environment)
    assert not home.is_prepared(replace(environment, demo=True))
    assert not home.is_prepared(replace(environment, database_url="postgres://somewhere/else"))


def test_a_database_put_back_from_a_backup_is_prepared_again(environment: Environment) -> None:
    file = home.sqlite_file(prepared(environment))
    backup = file.with_suffix(".backup")
    backup.write_text("older")
    backup.replace(file)
    assert not home.is_prepared(environment)


def test_a_new_migration_is_noticed(environment: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    migrations = tmp_path / "source" / "people" / "migrations"
    migrations.mkdir(parents=True)
    monkeypatch.setattr(home, "HOUSE", tmp_path / "source")
    prepared(environment)
    (migrations / "0002_more.py").write_text("")
    assert not home.is_prepared(environment)
