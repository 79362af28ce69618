"""`./run bench lighthouse [page ...]`: Lighthouse's four scores for each page of the demo; fails below 95.

Needs Node (npx fetches the pinned Lighthouse) and the Chromium of the tests. Nothing of it is needed at run time. Pages
behind the door are asked for with the demo's own session cookie, as their person.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOWEST = 95
#: (path, figure of the demo): what people open most, and the pages for the worst hour.
PAGES = (
    ("/", ""),
    ("/help/now", ""),
    ("/help/overdose", ""),
    ("/help/naloxone", ""),
    ("/start", ""),
    ("/enter", ""),
    ("/today", "person"),
    ("/people", "person"),
    ("/plan", "person"),
    ("/trends", "person"),
    ("/a", "person"),
    ("/s/today", "mother"),
)


def main(wanted: list[str]) -> int:
    from tests import chromium
    from tests.fixtures.live import Live

    if not shutil.which("npx"):
        print("Lighthouse needs Node 22 or newer (npx is not on the path).", file=sys.stderr)
        return 1
    browser = chromium.find_or_install()
    lowest = 100
    with tempfile.TemporaryDirectory() as folder:
        demo = Live(Path(folder) / "demo", HANDRAIL_DEMO="1")
        demo.start()
        try:
            print(f"{'page':<20}" + "".join(f"{name:>16}" for name in CATEGORIES))
            for path, who in PAGES:
                if not wanted or path in wanted:
                    scores = _scores(demo.url, path, who, browser)
                    print(f"{path:<20}" + "".join(f"{scores[name]:>16}" for name in CATEGORIES), flush=True)
                    lowest = min(lowest, *scores.values())
        finally:
            demo.stop()
    print(f"lowest {lowest}, asked for {LOWEST}")
    return 0 if lowest >= LOWEST else 1


def _scores(url: str, path: str, who: str, browser: str) -> dict[str, int]:
    """{category: 0 to 100} on Lighthouse's own slow phone."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": _session(url, who)} if who else {}))
        command = [
            "npx", "--yes", "--loglevel=error", LIGHTHOUSE, url + path,
            "--quiet", "--output=json", f"--output-path={report}",
            f"--extra-headers={headers}", f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        # Pages behind the door ask robots to stay away, which Lighthouse counts as a fault; that one is not asked.
        if who:
            command.append("--skip-audits=is-crawlable")
        done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, check=False)
        if done.returncode or not report.is_file():
            raise SystemExit(f"Lighthouse could not look at {path}")
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


def _session(url: str, who: str) -> str:
    """The cookies of a figure of the demo, taken as a browser takes them: by its button."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(url).read().decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = urlencode({"csrfmiddlewaretoken": token}).encode()
    browser.open(urllib.request.Request(f"{url}/demo/as/{who}", form, {"Origin": url}))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
