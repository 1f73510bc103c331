"""Writing SVG: one element at a time, everything escaped, and the frame every picture stands in."""

from markupsafe import Markup, escape

type Attribute = str | float | None


def tag(name: str, *children: Markup | str, **attributes: Attribute) -> Markup:
    """Return an element; `class_` and `text_anchor` stand for class and text-anchor, None leaves an attribute out."""
    # plain strings: a page draws a thousand elements, and Markup's own formatting takes ten times as long
    written = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")  # noqa: S704 (all escaped)


def frame(name: str, kind: str, title: str, told: str, height: float, *children: Markup, linked: bool) -> Markup:
    """Return a whole picture; one whose parts open something is a group of links, any other an image."""
    return tag(
        "svg",
        tag("title", title, id=f"gambar-{name}-judul"),
        tag("desc", told, id=f"gambar-{name}-cerita"),
        *children,
        class_=f"gambar {kind}",
        width="100%",
        height=height,
        role="group" if linked else "img",
        aria_labelledby=f"gambar-{name}-judul gambar-{name}-cerita",
        xmlns="http://www.w3.org/2000/svg",
    )


def linked_to(href: str | None, spoken: str, *children: Markup, stop: bool = True) -> Markup:
    """Return the children as a link to their rows; without an address they only say what they are.

    Its title is its name, so that words that stand in it need not be repeated there in their order; one without words
    is named by a label. A picture of very many parts is no row of stops for the keyboard: its table has the same links.
    """
    if href is None:
        return tag("g", tag("title", spoken), *children)
    named = f"{spoken}, buka barisnya"
    label = None if any("<text" in child for child in children) else named
    return tag("a", tag("title", named), *children, href=href, aria_label=label, tabindex=None if stop else "-1")


def stretched(height: float, top: float, *children: Markup) -> Markup:
    """Return a part drawn in per cent of the width, for shapes that have no per cent of their own."""
    return tag(
        "svg",
        *children,
        x="0",
        y=top,
        width="100%",
        height=height,
        viewBox=f"0 0 100 {_value(height)}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def hatching(name: str) -> Markup:
    """Return the pattern of what is not over yet, to be used as `fill=f"url(#{name}-arsir)"`."""
    stroke = tag("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", class_="arsir")
    ground = tag("rect", width=6, height=6, class_="arsir-latar")
    return tag("pattern", ground, stroke, id=f"{name}-arsir", width=6, height=6, patternUnits="userSpaceOnUse")


def points(places: list[tuple[float, float]]) -> str:
    """Return the points of a line."""
    return " ".join(f"{_value(x)},{_value(y)}" for x, y in places)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int) else str(escape(value))
