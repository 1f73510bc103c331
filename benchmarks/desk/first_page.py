"""The first page of a working day on a slow line and a slow machine: bytes and time until it can be read.

Lighthouse's "slow 4G" (1.6 Mbit/s, 150 ms a round trip) and a processor four times slower; in Chromium, which says
itself when something was to be seen. Beside it the same page when nothing is packed.
"""

import shutil
from statistics import median
from typing import Any

from benchmarks.desk.staff import SignedIn
from desk.door import SESSION_COOKIE

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 768_000 / 8}
SLOWER_PROCESSOR = 4
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TIMES = """() => ({
  shown: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  loaded: performance.timing.loadEventEnd - performance.timing.navigationStart,
})"""


def measure(port: int, who: SignedIn, rounds: int = 5) -> dict[str, dict[str, float]]:
    """Return kB, milliseconds to first paint and to the end of loading: first visit, again, and unpacked."""
    from playwright.sync_api import sync_playwright

    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        seen: dict[str, list[dict[str, float]]] = {"first visit": [], "next visit": [], "first visit, unpacked": []}
        for _ in range(rounds):
            for packed in (True, False):
                context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
                context.add_cookies([{"name": SESSION_COOKIE, "value": who.token, "url": address}])
                page = context.new_page()
                wire = context.new_cdp_session(page)
                got = _counting(wire)
                wire.send("Network.emulateNetworkConditions", SLOW_4G)
                wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
                if not packed:
                    wire.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
                seen["first visit" if packed else "first visit, unpacked"].append(_visit(page, address, got))
                if packed:
                    seen["next visit"].append(_visit(page, address, got))
                context.close()
        browser.close()
    return {name: {what: median(one[what] for one in all_) for what in all_[0]} for name, all_ in seen.items()}


def _counting(wire: Any) -> list[float]:
    got = [0.0]

    def add(event: dict[str, Any]) -> None:
        got[0] += float(event["encodedDataLength"])

    wire.send("Network.enable")
    wire.on("Network.loadingFinished", add)
    return got


def _visit(page: Any, address: str, got: list[float]) -> dict[str, float]:
    got[0] = 0.0
    page.goto(f"{address}/antrean", wait_until="load")
    page.wait_for_timeout(500)
    times = page.evaluate(TIMES)
    return {"kB": got[0] / 1000, "first paint ms": times["shown"], "loaded ms": times["loaded"]}
