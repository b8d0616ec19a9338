"""Write a file beside its place, then rename: a reader never sees half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from fatgan.errors import DataError


def write_atomically(path: str | Path, content: str | bytes) -> Path:
    """Write text (UTF-8) or bytes, making the folder if needed, and return the path.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(data)
                file.flush()
                beside.chmod(0o666 & ~_umask())
                os.replace(beside, path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
