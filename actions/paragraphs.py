"""Short messages: at most three paragraphs within the limit, with the source of an article on a line of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from checks.wording import GROWS, LIMIT

MOST = 3


@dataclass
class Block:
    """What belongs together: the paragraphs of one answer, and where an article comes from."""

    parts: list[str]
    source: str = ""
    whole: bool = False
    """Quoted, and so never cut."""

    @property
    def text(self) -> str:
        """The block as it is sent."""
        return "\n\n".join(self.parts) + (f"\n{self.source}" if self.source else "")


def fit(paragraphs: Iterable[str], quoted: str = "") -> str:
    """Join what is not empty into at most three paragraphs, within the limit; the last one (who helps) always stays.

    Of a text with paragraphs of its own (an article) the last is its source.
    """
    blocks = [_block(it, whole=it == quoted) for it in paragraphs if it]
    while sum(len(it.parts) for it in blocks) > MOST:
        _join_two(blocks)
    while len("\n\n".join(it.text for it in blocks)) > LIMIT - GROWS and len(blocks) > 1:
        _shorten(blocks)
    return "\n\n".join(it.text for it in blocks)


def _block(text: str, *, whole: bool) -> Block:
    *body, last = text.split("\n\n")
    return Block(body, last, whole) if body else Block([last], whole=whole)


def _join_two(blocks: list[Block]) -> None:
    """Make one paragraph of two: of an article's own first, else of the last two before the end."""
    many = next((it for it in blocks if len(it.parts) > 1), None)
    if many is not None:
        many.parts[-2:] = [" ".join(many.parts[-2:])]
        return
    before, after = blocks[-3], blocks[-2]
    joined = f"{before.parts[0]} {after.parts[0]}"
    blocks[-3:-1] = [Block([joined], before.source or after.source, before.whole or after.whole)]


def _shorten(blocks: list[Block]) -> None:
    """Take the last sentence from the longest block but the last; a block of one sentence goes."""
    longest = max(blocks[:-1], key=lambda it: (not it.whole, len(it.text)))
    head, dot, _ = longest.parts[-1].rstrip(".").rpartition(". ")
    if dot:
        longest.parts[-1] = head + "."
    elif len(longest.parts) > 1:
        longest.parts.pop()
    else:
        blocks.remove(longest)
