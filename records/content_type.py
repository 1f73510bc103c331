"""What a file is, by its first bytes. What its name or its sender says it is counts for nothing."""

JPEG, PNG, WEBP, GIF = "image/jpeg", "image/png", "image/webp", "image/gif"
PDF, OGG, MP3, AAC, AMR = "application/pdf", "audio/ogg", "audio/mpeg", "audio/aac", "audio/amr"
MP4, M4A = "video/mp4", "audio/mp4"
PICTURES = (JPEG, PNG, WEBP, GIF)
ENOUGH = 16

BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"OggS", OGG),
    (b"#!AMR", AMR),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"\xff\xf1", AAC),
    (b"\xff\xf9", AAC),
)
SOUND_ALONE = (b"M4A ", b"M4B ")
BRANDS = (*SOUND_ALONE, b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"dash")


def type_of(content: bytes) -> str | None:
    """Return the type of a file of our short list, or None for any other."""
    for beginning, found in BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand in SOUND_ALONE:
            return M4A
        if brand in BRANDS or brand.startswith(b"3gp"):
            return MP4
    return None
