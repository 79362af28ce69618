"""Finds a Chromium for the browser tests, or installs one. Never decides to go without."""

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LIGHT = "chromium-headless-shell"  # the same engine without windows: half the work


class NoBrowser(Exception):
    """There is no Chromium and none could be installed; the text says what to do."""


@lru_cache(maxsize=1)
def find() -> str | None:
    """Path of a Chromium: one on the path, else the one that Playwright keeps for itself."""
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return on_path or _playwrights_own()


def find_light() -> str | None:
    """For pages that are only looked at; what needs an installed app, a passkey or push needs the whole browser."""
    return shutil.which(LIGHT) or find()


def find_or_install() -> str:
    if found := find():
        return found
    print("No Chromium found; installing one for the browser tests ...", file=sys.stderr, flush=True)
    why = _install()
    find.cache_clear()
    if found := find():
        return found
    raise NoBrowser(
        "The browser tests need Chromium: `apt install chromium`, or"
        " `.venv/bin/playwright install --with-deps chromium` (or leave them out: `./run test --no-browser`)."
        f"{f' The last try said: {why}' if why else ''}"
    )


def _install() -> str:
    """Ask apt, then Playwright, and show nothing of what they print; their last line comes back if neither could."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    said = ""
    if as_root and shutil.which("apt-get"):
        _ask("apt-get", "update", "-qq")
        for names in (["chromium", LIGHT], ["chromium"]):
            worked, said = _ask("apt-get", "install", "-y", "-qq", "--no-install-recommends", *names)
            if worked:
                return ""
    playwright = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if as_root else []), "chromium"]
    worked, last = _ask(*playwright)
    return "" if worked else last or said


def _ask(*command: str) -> tuple[bool, str]:
    """Whether it worked, and the last line that it had to say."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as why:
        return False, str(why)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return done.returncode == 0, lines[-1] if lines else ""


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None
