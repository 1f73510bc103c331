"""What a backup says of itself, and the one file it is: a tar, the manifest first and PostgreSQL's dump after."""

import hashlib
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST, DUMP = "manifest.json", "records.dump"
OWNER_ONLY = 0o600
CHUNK = 1 << 20


class NoBackup(Exception):
    """The file is no backup, or not the whole of one."""


class Manifest(BaseModel):
    """What is in a backup, and when and of what it was made."""

    model_config = ConfigDict(extra="ignore")

    made_at: datetime
    """Real time of the moment that the backup shows."""
    stands_at: datetime
    """The same moment by the house's clock, which in a rehearsal is another."""
    lineage: str
    epoch: int
    tide: int
    revision: str
    server: str
    key_mark: str
    """Tells whether a data key is the one of these records, and nothing else about it."""
    counts: dict[str, int]
    digest: str = ""

    @property
    def rows(self) -> int:
        """How many rows there are altogether."""
        return sum(self.counts.values())


def key_mark(data_key: str) -> str:
    """Return the mark of a data key."""
    return hashlib.sha256(b"helpdesk backup " + data_key.encode()).hexdigest()[:16]


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of what is left in an open file."""
    seal = hashlib.sha256()
    while chunk := file.read(CHUNK):
        seal.update(chunk)
    return seal.hexdigest()


def pack(manifest: Manifest, dump: Path, file: Path) -> None:
    """Write the backup beside its place, readable by its owner only, and move it there whole."""
    beside = file.with_name(f".{file.name}.part")
    body = manifest.model_dump_json(indent=1).encode()
    beside.touch(OWNER_ONLY)
    beside.chmod(OWNER_ONLY)
    with tarfile.open(beside, "w") as tar:
        about = tarfile.TarInfo(MANIFEST)
        about.size, about.mode, about.mtime = len(body), OWNER_ONLY, int(datetime.now(UTC).timestamp())
        tar.addfile(about, BytesIO(body))
        tar.add(dump, DUMP)
    beside.replace(file)


def read(file: Path) -> Manifest:
    """Return the manifest of a backup."""
    try:
        with tarfile.open(file, "r:") as tar:
            found = tar.extractfile(MANIFEST)
            return Manifest.model_validate_json(found.read() if found else b"")
    except (OSError, KeyError, tarfile.TarError, ValidationError) as problem:
        raise NoBackup(f"{file} is no backup of the help desk ({type(problem).__name__}).") from problem


def unpack(file: Path, dump: Path) -> Manifest:
    """Write the dump of a backup to a file, checking that it is what was backed up."""
    manifest = read(file)
    dump.touch(OWNER_ONLY)
    try:
        with tarfile.open(file, "r:") as tar, dump.open("wb") as sink:
            found = tar.extractfile(DUMP)
            while found and (chunk := found.read(CHUNK)):
                sink.write(chunk)
    except (OSError, KeyError, tarfile.TarError) as problem:
        raise NoBackup(f"{file} is not whole ({problem}).") from problem
    with dump.open("rb") as written:
        if digest_of(written) != manifest.digest:
            raise NoBackup(f"{file} is damaged: its dump is not what was backed up.")
    return manifest
