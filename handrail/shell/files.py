"""Where our own styles, scripts and pictures lie, under names that change with what is in them."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The address of a file is put together once a process: every page names eight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        found = self._addresses.get(name)
        if found is None or force:
            found = self._addresses[name] = super().url(name, force)
        return found
