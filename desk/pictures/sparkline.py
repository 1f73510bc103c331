"""A line the size of a word: how a number came to be what it is."""

from collections.abc import Sequence

from markupsafe import Markup

from desk.pictures.drawing import points, stretched, tag

HEIGHT, ROOM = 30, 3
HALF = 2


def sparkline(spoken: str, values: Sequence[float | None]) -> Markup:
    """Draw the values from left to right, the last with a dot; fewer than two draw nothing."""
    known = [value for value in values if value is not None]
    if len(known) < HALF:
        return Markup("")
    most = max(known) or 1
    step = 97 / (len(values) - 1)
    places = [
        (index * step, HEIGHT - ROOM - value / most * (HEIGHT - 2 * ROOM))
        for index, value in enumerate(values)
        if value is not None
    ]
    ground = [(places[0][0], float(HEIGHT)), *places, (places[-1][0], float(HEIGHT))]
    x, y = places[-1]
    return tag(
        "svg",
        stretched(
            float(HEIGHT),
            0.0,
            tag("polygon", class_="kilat-isi", points=points(ground)),
            tag("polyline", class_="kilat-garis", points=points(places)),
        ),
        tag("circle", class_="kilat-titik", cx=f"{x:.2f}%", cy=y, r=3),
        class_="gambar kilat",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_label=spoken,
        xmlns="http://www.w3.org/2000/svg",
    )
