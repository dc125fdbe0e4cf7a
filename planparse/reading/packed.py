"""Packed files (压缩文件), ``.gz`` and ``.zst``: unpacked up to a limit, so that a small one cannot fill the memory."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO, cast

from planparse.reading.errors import ReadError, missing

WRAPPERS = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
# No page of text is larger; a batch sets aside what is, unread.
LARGEST = 64 * 1024 * 1024


def unpack(data: bytes, name: str, largest: int = LARGEST) -> bytes:
    """The bytes inside a gzip or Zstandard file; as they are where they are neither, whatever the name says.

    Raises:
        ReadError: where the file is broken, unpacks to more than ``largest`` bytes, or needs the extra ``zstd``.
    """
    import io

    with io.BytesIO(data) as packed:
        return read_at_most(open_packed(packed, name), name, largest)


def open_packed(file: BinaryIO, name: str) -> BinaryIO:
    """A binary file that gives what is inside a packed one; the file itself where it is not packed.

    Raises:
        ReadError: where it is Zstandard and the extra ``zstd`` is missing.
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(WRAPPERS[".gz"]):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if start == WRAPPERS[".zst"]:
        try:
            import zstandard
        except ImportError:
            raise missing(name, "a .zst file", "zstd") from None
        return cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True))
    return file


def read_at_most(file: BinaryIO, name: str, largest: int = LARGEST) -> bytes:
    """All bytes of a file that may be packed.

    Raises:
        ReadError: where there are more than ``largest``, or the packing is broken.
    """
    parts, room = [], largest
    for part in iter(lambda: guarded_read(file, name, 1 << 20), b""):
        room -= len(part)
        if room < 0:
            raise ReadError(name, f"unpacks to more than {largest:,} bytes")
        parts.append(part)
    return b"".join(parts)


def guarded_read(file: BinaryIO, name: str, size: int) -> bytes:
    """Read from a file that may be packed.

    Raises:
        ReadError: where the packing is broken.
    """
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(name, f"cannot be unpacked: {error}") from None
    except Exception as error:
        # zstandard has an error class of its own, which cannot be named where it is not installed.
        if type(error).__name__ != "ZstdError":
            raise
        raise ReadError(name, f"cannot be unpacked: {error}") from None
