"""The conversations as a page to be read: what people said and what the bot answered, word for word."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from records.clock import wib
from records.spoken_time import spoken_moment
from tests.stack.playing import Played

HEAD = """# The twenty conversations, as the bot answers them

Made by `make transcripts` from a running rehearsal; every word of the bot is what it said. What must and must not be
said stands in [tests/stack/scenes](../tests/stack/scenes). People and numbers are invented. Whoever wants to know
whether anything said is false, undated or more than can be promised needs to read only this page.
"""
HOW = {
    "interrupted": "Interrupted in the middle",
    "away": "With a source that cannot be asked",
    "source": "Over another source",
    "wording": "In other words",
}


def page(played: Sequence[Played]) -> str:
    """Return the page of all plays, conversation by conversation."""
    ordered = sorted(played, key=lambda it: (_scene(it), it.play.name.count("/"), it.play.name))
    parts = [HEAD]
    for _, group in groupby(ordered, key=_scene):
        parts += _conversation(list(group))
    return "\n".join(parts)


def _scene(played: Played) -> str:
    return played.play.name.partition("/")[0]


def _conversation(plays: Sequence[Played]) -> Iterator[str]:
    first = plays[0].play
    told = (f"`{_scene(plays[0])}`", first.who, first.channel, spoken_moment(wib(first.at)))
    yield f"\n## {first.title}\n\n{' · '.join(told)}\n"
    for played in plays:
        variant = played.play.name.partition("/")[2]
        if variant.startswith("wording"):
            yield _briefly(played)
            continue
        if variant:
            yield f"### {HOW[variant.partition('-')[0]]}{_what(played)}\n"
        yield from _talk(played)


def _what(played: Played) -> str:
    away, source = played.play.away, played.play.source
    what = [*away.tables, *([away.api] if away.api else []), *([f"REGISTRY_SOURCE={source}"] if source else [])]
    return f": {', '.join(what)}" if what else ""


def _briefly(played: Played) -> str:
    said = " / ".join(played.play.said)
    same = "answered as above" if not played.complaints else "**not** answered as demanded"
    return f"- “{said}”: {same}\n"


def _talk(played: Played) -> Iterator[str]:
    for answer in played.answers:
        yield f"**{played.play.who}**: {answer.said}\n"
        for reply in answer.replies:
            quoted = "\n".join(f"> {line}".rstrip() for line in reply.text.splitlines())
            buttons = " ".join(f"`{title}`" for title in reply.buttons)
            yield quoted + (f"\n>\n> {buttons}" if buttons else "") + "\n"
    if played.ticket:
        problems = ", ".join([str(played.ticket["intent"]), *played.ticket["also"]])
        yield f"*Ticket for staff: {problems}; {played.ticket['queue']}, {played.ticket['priority']}.*\n"
    for complaint in played.complaints:
        yield f"*Not as demanded: {complaint}*\n"
