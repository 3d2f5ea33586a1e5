"""Office files, which are archives: the same bytes each time, and their maker stands in the first of them."""

from __future__ import annotations

import io
import re
import zipfile

_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold


def packed(content: bytes, first: str) -> bytes:
    """Pack an archive anew.

    Parameters
    ----------
    content : bytes
        The archive.
    first : str
        Name of the part to stand first, not compressed: what it says of its maker is read from the first
        bytes of the file.

    Returns
    -------
    bytes
        The archive, with one day for every part, and for every moment that the first part tells.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        names = [name for name in old.namelist() if name != first]
        for name in (first, *names):
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            inside = old.read(name)
            new.writestr(part, _MOMENT.sub(b"2000-01-01T00:00:00Z", inside) if name == first else inside)
    return stream.getvalue()
