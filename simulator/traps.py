"""What comes when a file is fetched: the file, or where the sample is a trap, what a bad server would do."""

import asyncio

from simulator.edge import Answer
from simulator.media import Media

INSIDE = "http://169.254.169.254/latest/meta-data/"
"""Where a redirect leads that wants to reach what only machines inside may."""
ENDLESS_SECONDS = 600.0


async def hand_out(media: Media) -> Answer:
    """Answer a download."""
    if media.trap == "redirect":
        return Answer(302, b"", "text/plain", {"location": INSIDE})
    if media.trap == "expired":
        return Answer(404, b"", "text/plain")
    if media.trap == "slow":
        await asyncio.sleep(ENDLESS_SECONDS)
    return Answer(200, media.content, media.mime)
