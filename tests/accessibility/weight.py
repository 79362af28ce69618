"""What a page weighs on its first visit, and how it feels on a slow phone. Numbers from `ux.md`, section 5."""

import gzip
from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Response

KB = 1024
BUDGETS = {"document": 15, "stylesheet": 10, "font": 20, "image": 10, "script": 30, "all": 80}  # KB, gzip
HELP_BUDGETS = {**BUDGETS, "script": 0, "all": 30}  # pages for the worst hour, on the worst network

SLOW = {  # a cheap phone at the edge of a 3G cell
    "offline": False,
    "latency": 400,  # ms
    "downloadThroughput": 400_000 / 8,  # bytes per second
    "uploadThroughput": 400_000 / 8,
}
CPU_TIMES_SLOWER = 6
LARGEST_PAINT = 2500  # ms
LAYOUT_SHIFT = 0.05
COMPRESSED_ALREADY = ("font/", "image/png", "image/jpeg", "image/webp", "application/octet-stream")


def weigh(context: BrowserContext, url: str) -> tuple[dict[str, float], str]:
    """(KB by kind as gzip sends them to somebody who was never here, the page's content security policy)."""
    answers: list[Response] = []
    page = context.new_page()
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.on("response", lambda answer: answers.append(answer))  # Playwright marks its handlers; a method takes no mark
    shown = page.goto(url, wait_until="load")  # an open doorbell never lets the network fall idle
    page.wait_for_timeout(150)  # a font or icon that the stylesheet asked for
    kilobytes: Counter[str] = Counter()
    for answer in answers:
        kind = answer.request.resource_type
        if answer.ok and kind != "eventsource" and answer.url.startswith("http"):
            kilobytes[kind] += _size(answer) / KB
    page.close()
    policy = (shown.headers if shown else {}).get("content-security-policy", "")
    return {**kilobytes, "all": sum(kilobytes.values())}, policy


def too_heavy(weights: dict[str, float], budgets: dict[str, float]) -> list[str]:
    return [
        f"{kind}: {weights[kind]:.1f} KB, at most {most}"
        for kind, most in budgets.items()
        if weights.get(kind, 0) > most
    ]


def _size(answer: Response) -> int:
    body = answer.body()
    if answer.headers.get("content-type", "").startswith(COMPRESSED_ALREADY):
        return len(body)
    return gzipped(body)


def gzipped(body: bytes) -> int:
    return len(gzip.compress(body, 6))


VITALS = """() => new Promise(done => {
    let largest = 0, shift = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) largest = one.startTime; })
        .observe({type: 'largest-contentful-paint', buffered: true});
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value; })
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done({largest, shift}), 300);
})"""


def vitals_on_a_slow_phone(make_context: Callable[[], BrowserContext], url: str) -> dict[str, float]:
    """Largest contentful paint (ms) and cumulative layout shift of a first visit."""
    context = make_context()
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES_SLOWER})
    page.goto(url, wait_until="load", timeout=30_000)
    page.wait_for_timeout(500)  # what a late font or script still moves
    found: dict[str, float] = page.evaluate(VITALS)
    context.close()
    return found


def too_slow(vitals: dict[str, float]) -> list[str]:
    problems = []
    if not 0 < vitals["largest"] <= LARGEST_PAINT:
        problems.append(f"largest paint after {vitals['largest']:.0f} ms, at most {LARGEST_PAINT}")
    if vitals["shift"] > LAYOUT_SHIFT:
        problems.append(f"layout shifts by {vitals['shift']:.3f}, at most {LAYOUT_SHIFT}")
    return problems


def fresh_context(browser: Browser, **options: object) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block", **options)  # type: ignore[arg-type]
