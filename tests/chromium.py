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
    _install()
    find.cache_clear()
    if found := find():
        return found
    raise NoBrowser(
        "The browser tests need Chromium: `apt install chromium`, or"
        " `.venv/bin/playwright install --with-deps chromium` (or leave them out: `./run test --no-browser`)."
    )


def _install() -> None:
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if as_root and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        for names in (["chromium", LIGHT], ["chromium"]):
            if subprocess.run([*apt, *names], env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0:
                return
    command = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if as_root else []), "chromium"]
    subprocess.run(command, check=False)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None
