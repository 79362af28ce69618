from dataclasses import replace

import pytest

from handrail.library.packs import packs


@pytest.fixture
def installed_as(settings):
    """`installed_as(country="GB", home=...)`: other settings, packs read anew, and all of it back afterwards."""

    def change(**changes):
        settings.HANDRAIL = replace(settings.HANDRAIL, **changes)
        packs.cache_clear()

    yield change
    packs.cache_clear()
