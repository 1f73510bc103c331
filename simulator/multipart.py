"""Uploads: the fields and files of a multipart body."""

import io
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form


@dataclass(frozen=True)
class Uploaded:
    """One file of an upload."""

    name: str
    type: str
    content: bytes


class BrokenUpload(Exception):
    """The body is not what its content type says."""


def parts(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Uploaded]]:
    """Return fields and files by name; raises BrokenUpload."""
    fields: dict[str, str] = {}
    files: dict[str, Uploaded] = {}

    def on_field(field: Field) -> None:
        fields[(field.field_name or b"").decode()] = (field.value or b"").decode()

    def on_file(file: File) -> None:
        file.file_object.seek(0)
        kind = str(getattr(file, "content_type", None) or "")
        files[(file.field_name or b"").decode()] = Uploaded(
            (file.file_name or b"").decode(), kind, file.file_object.read()
        )

    headers = {"Content-Type": content_type.encode(), "Content-Length": str(len(body)).encode()}
    try:
        parse_form(headers, io.BytesIO(body), on_field, on_file)
    except (FormParserError, UnicodeDecodeError, ValueError) as problem:
        raise BrokenUpload(str(problem)) from problem
    return fields, files
