"""What a browser calls itself, short enough to be recognised by its owner."""

BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """Return "Chrome di Android" for what a browser sends, or "Peramban lain"."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Peramban lain")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} di {system}" if system else browser
