"""Lends the fixtures of `tests/fixtures/` to the tests that stand beside the code."""

pytest_plugins = [
    "tests.fixtures.selection",
    "tests.fixtures.emptying",
    "tests.fixtures.time",
    "tests.fixtures.people",
    "tests.fixtures.programs",
    "tests.fixtures.outside",
    "tests.fixtures.texts",
    "tests.fixtures.live",
    "tests.fixtures.browsers",
]
