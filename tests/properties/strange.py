"""What strangers send: bytes that are no JSON, JSON that is no message, and real messages with one thing wrong."""

from collections.abc import Iterator
from typing import Any

import orjson
from hypothesis import strategies as st

HUGE = 2**63
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e308, HUGE - 1, HUGE, -HUGE, 2**64 - 1, 10**15, 253402300800),
    *("", " ", "\x00", "a\x00b", "\u202eterbalik\u202c", "\u200b\u200d", "\ufeff", "\U0001f600" * 50, "x" * 70_000),
    *("'; DROP TABLE inbox; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "../../etc/passwd", "/restart"),
    *('/set_verified{"verified":"yes"}', "1" * 400, "-1", "²", "٣", "NaN", "0x10", "\ud7ff\ue000", "İ", "ﷺ" * 20),
    *([], {}, [[]], [None], {"": ""}, {"\x00": "\x00"}, [{}] * 20),
]
"""Values that have no business where they stand."""
NUMBERS_NO_PARSER_LIKES = [b"1e999", b"-0", b"9" * 5000, b"NaN", b"Infinity", b"0.1e-400"]
SURROGATES = [b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d"', b'"\xed\xa0\x80"', b'"\xff\xfe"']
NESTED = [b"[" * depth + b"]" * depth for depth in (200, 1100, 100_000)]

HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("X-Forwarded-For", "Content-Encoding", "Accept-Language", "Cookie", "Range", "Expect", "Referer"),
            *("If-None-Match", "Sec-Fetch-Site", "Last-Event-ID", "HX-Request", "Origin", "Authorization"),
            *("X-Console-User", "X-Telegram-Bot-Api-Secret-Token", "X-Hub-Signature-256", "Content-Type"),
        ]
    ),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=80).map(
        lambda value: value.strip().encode("latin-1")
    ),
    max_size=5,
)
TYPES = st.sampled_from(
    [
        *("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"),
        *(
            "multipart/form-data; boundary=x",
            "application/xml",
            "",
            "a/b; charset=klingon",
            "application/json; x=\x01y",
        ),
    ]
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a piece of JSON."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def changed(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same with another value at one place; `...` takes the place away."""
    if not path:
        return None if value is ... else value
    copy = dict(node) if isinstance(node, dict) else list(node)
    if len(path) == 1 and value is ...:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


@st.composite
def with_one_thing_wrong(draw: st.DrawFn, bodies: list[Any]) -> bytes:
    """A real message with one or two of its parts exchanged, taken away, cut or flipped."""
    body = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(list(places(body))))
        body = changed(body, place, draw(st.one_of(st.just(...), st.sampled_from(ODD), st.text(max_size=20))))
    raw = dumps(body)
    how = draw(st.sampled_from(["whole", "whole", "whole", "cut", "flipped", "doubled", "spliced"]))
    if not raw or how == "whole":
        return raw
    at = draw(st.integers(0, len(raw) - 1))
    if how == "cut":
        return raw[:at]
    if how == "flipped":
        return raw[:at] + bytes([raw[at] ^ draw(st.integers(1, 255))]) + raw[at + 1 :]
    if how == "doubled":
        return raw + raw
    return raw[:at] + draw(st.sampled_from([*NUMBERS_NO_PARSER_LIKES, *SURROGATES, NESTED[0]])) + raw[at:]


def dumps(body: Any) -> bytes:
    """JSON as somebody careless writes it: numbers of any size."""
    try:
        return orjson.dumps(body)
    except (TypeError, orjson.JSONEncodeError):
        import json

        return json.dumps(body).encode()


ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([*NUMBERS_NO_PARSER_LIKES, *SURROGATES, *NESTED]),
    st.recursive(
        st.none() | st.booleans() | st.integers(-HUGE, HUGE) | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ).map(dumps),
)
