"""Making what may be kept out of what was fetched: its type by content, a picture written anew, all else as it is.

What is not a picture is never shown in a page, only handed out as a download.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from bot.media import reasons
from bot.media.reasons import Later, Refuse
from records.content_type import PICTURES, type_of

DECODER = Path(__file__).with_name("decoder.py")
DECODER_SECONDS = 30.0
PREVIEW_SIDE = 1200
"""Enough to read a screenshot by."""


@dataclass(frozen=True)
class Clean:
    """A file that may be kept."""

    type: str
    content: bytes
    preview: bytes | None = None
    width: int | None = None
    height: int | None = None


async def clean(content: bytes, *, most_pixels: int, longest_side: int) -> Clean:
    """Return what may be kept; raises Refuse, or Later where no decoder could be had."""
    found = type_of(content)
    if found is None:
        raise Refuse(reasons.TYPE)
    if found not in PICTURES:
        return Clean(found, content)
    return await _decoded(content, most_pixels, longest_side)


async def _decoded(content: bytes, most_pixels: int, longest_side: int) -> Clean:
    arguments = [str(number) for number in (most_pixels, longest_side, PREVIEW_SIDE)]
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(DECODER), *arguments),
            env={},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as problem:
        raise Later(reasons.TROUBLE, f"no decoder: {type(problem).__name__}") from problem
    try:
        async with asyncio.timeout(DECODER_SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError as late:
        raise Refuse(reasons.BROKEN, "took too long to decode") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _read(answer)


def _read(answer: bytes) -> Clean:
    line, _, body = answer.partition(b"\n")
    if not line:
        # it died of its limits, or of the picture
        raise Refuse(reasons.BROKEN, "the decoder died")
    said = orjson.loads(line)
    if "refused" in said:
        raise Refuse(said["refused"])
    size = said["size"]
    return Clean(said["type"], body[:size], body[size:], said["width"], said["height"])
