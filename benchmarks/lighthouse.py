"""`./run bench lighthouse [page ... | --all]`: Lighthouse's four scores for pages of the demo; fails below 95.

Pages are named as in tests/pages.py and looked at as the people there see them; without a name, those that people open
most and those for the worst hour. Needs Node (npx fetches the pinned Lighthouse) and the Chromium of the tests.
Nothing of it is needed at run time.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOWEST = 95
TRIES = 3
USUAL = (
    "start", "help-now", "help-overdose", "help-naloxone", "sign-up", "enter",
    "today", "people", "plan", "trends", "call", "s-today",
)  # fmt: skip


def main(wanted: list[str]) -> int:
    if not shutil.which("npx"):
        print("Lighthouse needs Node 22 or newer (npx is not on the path).", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()  # the addresses of pages are looked up by name
    from playwright.sync_api import sync_playwright

    from tests import chromium
    from tests.accessibility.conftest import Desk
    from tests.fixtures.live import Live
    from tests.pages import PAGES

    asked = wanted or USUAL
    pages = [page for page in PAGES if "--all" in wanted or page.name in asked]
    browser = chromium.find_or_install()
    lowest = 100
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = Live(Path(folder) / "demo", HANDRAIL_DEMO="1")
        demo.start()
        try:
            desk = Desk(demo, playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]))
            print(f"{'page':<28}" + "".join(f"{name:>16}" for name in CATEGORIES))
            for page in pages:
                cookies = desk.context(page.who).cookies() if page.who else []
                session = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
                try:
                    scores = _scores(demo.url + desk.path(page), session, browser)
                except AssertionError as why:  # no link leads there
                    print(f"{page!s:<28} {why}", flush=True)
                    lowest = 0
                    continue
                print(f"{page!s:<28}" + "".join(f"{scores[name]:>16}" for name in CATEGORIES), flush=True)
                lowest = min(lowest, *scores.values())
            desk.close()
        finally:
            demo.stop()
    print(f"{len(pages)} pages, lowest {lowest}, asked for {LOWEST}")
    return 0 if pages and lowest >= LOWEST else 1


def _scores(url: str, session: str, browser: str) -> dict[str, int]:
    """{category: 0 to 100} on Lighthouse's own slow phone."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": session} if session else {}))
        command = [
            "npx", "--yes", "--loglevel=error", LIGHTHOUSE, url,
            "--quiet", "--output=json", f"--output-path={report}",
            f"--extra-headers={headers}", f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        # Pages behind the door ask robots to stay away, which Lighthouse counts as a fault; that one is not asked.
        if session:
            command.append("--skip-audits=is-crawlable")
        for _ in range(TRIES):  # now and then Chromium loses the beginning of a page (NO_NAVSTART)
            done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, check=False)
            if done.returncode == 0 and report.is_file():
                break
        else:
            raise SystemExit(f"Lighthouse could not look at {url}")
        found = json.loads(report.read_text())
    _tell_faults(found)
    return {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}


def _tell_faults(found: dict[str, dict[str, dict[str, object]]]) -> None:
    """What took points away: yes-or-no audits that say no, and the times behind a slow page."""
    if (found["categories"]["performance"]["score"] or 0) * 100 < LOWEST:  # type: ignore[operator]
        times = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
        print("    " + ", ".join(f"{name}: {found['audits'][name].get('displayValue')}" for name in times))
    for audit in found["audits"].values():
        if audit.get("score") == 0 and audit.get("scoreDisplayMode") == "binary":
            print(f"    {audit['id']}: {audit['title']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
