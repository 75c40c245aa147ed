"""Zips as people, tools and attackers make them."""

import io
import stat
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def zipped(*members, method=ZIP_DEFLATED):
    """The bytes of a zip. A member: (name, content), and perhaps the fields that its entry is to have."""
    with ZipFile(content := io.BytesIO(), "w", method) as file:
        for name, text, *fields in members:
            entry = ZipInfo(name)
            entry.compress_type = method
            entry.filename = name  # as it is, also with the separator of another system
            for field, value in (fields[0] if fields else {}).items():
                setattr(entry, field, value)
            file.writestr(entry, text)
    return content.getvalue()


LINK = {"create_system": 3, "external_attr": (stat.S_IFLNK | 0o777) << 16}
PIPE = {"create_system": 3, "external_attr": (stat.S_IFIFO | 0o644) << 16}


def encrypted(*members):
    """A zip that says that its members need a password."""
    content = bytearray(zipped(*members))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 1)
    return bytes(content)


def bomb(files, size, claims=None):
    """A zip of many files of zeros, `size` bytes each, packed once; its header may claim another size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream, check = b"", 0
    for start in range(0, size, 1_000_000):
        zeros = bytes(min(1_000_000, size - start))
        stream, check = stream + packer.compress(zeros), zlib.crc32(zeros, check)
    stream += packer.flush()
    body, directory = b"", b""
    for number in range(files):
        name = b"%05d.bin" % number
        fields = struct.pack("<5H3L2H", 20, 0, 8, 0, 0, check, len(stream), claims or size, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + fields + name + stream
    end = struct.pack("<4H2LH", 0, 0, files, files, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
