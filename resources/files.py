"""Which documents may be joined: told by their content, never by what their sender says (security.md G1-G5)."""

import hashlib
import zipfile
from dataclasses import dataclass
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 1000  #: in a zip
MAX_RATIO = 100  #: unpacked over packed
MAX_UNPACKED = 200 * 1024 * 1024  #: bytes
MAX_MANIFEST = 64 * 1024  #: bytes of the entry that says what a zip is

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
#: What an office file must hold, besides [Content_Types].xml.
_OOXML_PARTS = {
    "word/document.xml": (_OOXML + "wordprocessingml.document", "docx"),
    "xl/workbook.xml": (_OOXML + "spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (_OOXML + "presentationml.presentation", "pptx"),
}
_ODF_TYPES = {_ODF + "text": "odt", _ODF + "spreadsheet": "ods", _ODF + "presentation": "odp"}
_MAGIC = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
#: An archive inside an archive is never looked into, so it may not be there.
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PROGRAMS = ("vbaproject.bin",)


class NotAllowed(Exception):
    """The document is refused. The message is a sentence for the person who sent it."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    media_type: str
    extension: str
    digest: str  #: SHA-256, hex
    size: int


def check(upload: UploadedFile) -> Checked:
    """Raises: NotAllowed."""
    size = upload.size or 0
    if size > MAX_BYTES:
        message = _("File: at most %(limit)d MB; this one has %(size).1f.")
        raise NotAllowed(message % {"limit": MAX_BYTES // 1024**2, "size": size / 1024**2})
    if size == 0:
        raise NotAllowed(_("File: this one is empty."))
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    stream: IO[bytes] = upload.file  # type: ignore[assignment]
    media_type, extension = _what_it_is(stream, upload.name or "")
    stream.seek(0)
    return Checked(media_type=media_type, extension=extension, digest=digest.hexdigest(), size=size)


def _what_it_is(stream: IO[bytes], name: str) -> tuple[str, str]:
    stream.seek(0)
    head = stream.read(16)
    for magic, media_type, extension in _MAGIC:
        if head.startswith(magic):
            return media_type, extension
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", "webp"
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    return _plain_text(stream, name)


def _office(stream: IO[bytes]) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _is_sane(archive, entries)
            names = {entry.filename for entry in entries}
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= MAX_MANIFEST:
                media_type = archive.read("mimetype").decode("ascii", "replace").strip()
                if media_type in _ODF_TYPES and "content.xml" in names:
                    return media_type, _ODF_TYPES[media_type]
            if "[Content_Types].xml" in names:
                for part, found in _OOXML_PARTS.items():
                    if part in names:
                        return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise NotAllowed(_("File: this office document is damaged or protected by a password.")) from error
    raise _unknown()


def _is_sane(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Bounded by what the directory says, before anything is unpacked; each entry is then asked for 8 bytes only."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise NotAllowed(_("File: this office document unpacks to more than is reasonable."))
    for entry in entries:
        if entry.filename.rpartition("/")[2].lower() in _PROGRAMS:
            raise NotAllowed(_("File: documents with macros are not accepted."))
        if entry.is_dir():
            continue
        with archive.open(entry) as inside:
            if inside.read(8).startswith(_ARCHIVES):
                raise NotAllowed(_("File: this document holds an archive."))


def _plain_text(stream: IO[bytes], name: str) -> tuple[str, str]:
    """UTF-8 without control characters. Never HTML or SVG: those are pages, not documents."""
    stream.seek(0)
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unknown() from error
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        raise _unknown()
    if text.lstrip().startswith("<"):
        raise _unknown()
    return ("text/csv", "csv") if name.lower().endswith(".csv") else ("text/plain", "txt")


def _unknown() -> NotAllowed:
    return NotAllowed(
        _(
            "File: this kind is not accepted. You may join PDF, office documents (docx, xlsx, pptx, odt, ods, odp), "
            "images (PNG, JPEG, WebP), CSV and plain text."
        )
    )
