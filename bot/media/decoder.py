"""Decodes one picture and writes it anew: a short process of its own, without our code, settings or network use.

A picture is the work of a stranger, and decoders have had holes. So it is opened where nothing else lies: limits on
memory and time, an empty environment, one picture, the end. Size is read from the header and refused before a pixel is
made. What comes out holds pixels only: no EXIF, no place, no profile, no text chunks, nothing behind the picture.

    python -I decoder.py MOST_PIXELS LONGEST_SIDE PREVIEW_SIDE < picture > one line of JSON, picture, preview
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

MEMORY = 1_000_000_000
SECONDS = 20
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST_PNG = 3_000_000
"""Beyond that even a screenshot becomes a JPEG."""


class NotAPicture(Exception):
    """It is refused; the text says which of our reasons it is."""


def limit() -> None:
    """Take from this process what it does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def opened(content: bytes, most_pixels: int, longest_side: int) -> Image.Image:
    """Return the picture upright and no larger than wanted; its header is judged before anything is decoded."""
    image = Image.open(io.BytesIO(content), formats=FORMATS)
    if image.width * image.height > most_pixels:
        raise NotAPicture("pixels")
    # a large JPEG is decoded at a fraction of its size, which costs a fraction of the memory
    image.draft("RGB", (longest_side, longest_side))
    image.load()
    upright = ImageOps.exif_transpose(image)
    flat = on_white(upright)
    flat.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    return flat


def on_white(image: Image.Image) -> Image.Image:
    """Return the pixels alone, as RGB; what is transparent becomes white."""
    clean = Image.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    return clean


def written(image: Image.Image, kind: str) -> tuple[str, bytes]:
    """Return the picture as a new file: drawn things as PNG, photographs as JPEG."""
    if kind in ("PNG", "GIF"):
        drawn = saved(image, "PNG")
        if len(drawn) <= LARGEST_PNG:
            return "image/png", drawn
    return "image/jpeg", saved(image, "JPEG", quality=88)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    """Return the picture encoded."""
    body = io.BytesIO()
    image.save(body, kind, **how)
    return body.getvalue()


def clean(content: bytes, most_pixels: int, longest_side: int, preview_side: int) -> bytes:
    """Return a line that says what follows, the picture, and the preview."""
    kind = str(Image.open(io.BytesIO(content), formats=FORMATS).format)
    image = opened(content, most_pixels, longest_side)
    type_, body = written(image, kind)
    width, height = image.size
    image.thumbnail((preview_side, preview_side), Image.Resampling.LANCZOS)
    preview = saved(image, "JPEG", quality=80)
    said = {"type": type_, "width": width, "height": height, "size": len(body)}
    return json.dumps(said).encode() + b"\n" + body + preview


def main() -> int:
    """Clean the picture that comes in, or say why not."""
    limit()
    warnings.simplefilter("ignore")
    try:
        answer = clean(sys.stdin.buffer.read(), *(int(given) for given in sys.argv[1:4]))
    except NotAPicture as refused:
        answer = json.dumps({"refused": str(refused)}).encode() + b"\n"
    except (MemoryError, Image.DecompressionBombError):
        answer = b'{"refused": "pixels"}\n'
    except Exception:
        # whatever else a stranger's bytes bring about in a decoder, it is not a picture
        answer = b'{"refused": "broken"}\n'
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
