"""Meta's /media call: a file is uploaded first and then named by its id in a message."""

from simulator.media import Media, MediaStore
from simulator.multipart import BrokenUpload, parts
from simulator.whatsapp.errors import MetaRefusal, invalid, missing

LARGEST = {"image/jpeg": 5_000_000, "image/png": 5_000_000, "application/pdf": 100_000_000}
"""Of the types the documentation lists, those that are known here, with their largest size in bytes."""


def take(media: MediaStore, content_type: str, body: bytes) -> Media:
    """Keep an upload and return it; raises MetaRefusal."""
    try:
        fields, files = parts(content_type, body)
    except BrokenUpload as problem:
        raise invalid("file upload could not be read") from problem
    if fields.get("messaging_product") != "whatsapp":
        raise MetaRefusal(100, "The parameter messaging_product is required.")
    upload, kind = files.get("file"), fields.get("type") or ""
    if upload is None:
        raise missing("file")
    if kind not in LARGEST:
        raise MetaRefusal(131053, f"Media upload error: {kind or 'no type'} is not supported.")
    if len(upload.content) > LARGEST[kind]:
        raise MetaRefusal(131052, "Media upload error: file is too large.")
    return media.keep("photo" if kind.startswith("image/") else "document", upload.name, upload.content, kind)
