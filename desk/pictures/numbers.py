"""Numbers as Indonesian readers write them: 12.480 and 3,5."""


def whole(number: float) -> str:
    """Return a count: 12.480."""
    return f"{round(number):,}".replace(",", ".")


def short(number: float) -> str:
    """Return a count where there is little room: 980, 12,4 rb, 1,2 jt."""
    if number < 10_000:
        return whole(number)
    size, name = (1_000_000, "jt") if number >= 999_500 else (1_000, "rb")
    part = number / size
    said = f"{part:.0f}" if part >= 100 else f"{part:.1f}".replace(".", ",").removesuffix(",0")
    return f"{said} {name}"


def signed(number: float) -> str:
    """Return a difference with its sign: +572, −12, 0."""
    rounded = round(number)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{whole(abs(rounded))}"


def per_cent(share: float, digits: int = 0) -> str:
    """Return a share: 34 %, 3,5 %."""
    return f"{share * 100:.{digits}f}".replace(".", ",") + " %"


def signed_per_cent(share: float) -> str:
    """Return a change as a share: +238 %, −12 %."""
    rounded = round(share * 100)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{whole(abs(rounded))} %"
