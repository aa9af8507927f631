"""Files that are written whole or not at all, and what is said where they cannot be written."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kgraph.errors import StoreError

FULL = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A new file beside `path`, which takes its place at the end, and goes away if anything fails.

    Raises StoreError where the system does not let it be written.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        with named_failures(path):
            yield new
            new.replace(path)
    except BaseException:
        with suppress(OSError):  # what could not be made (its name is too long) cannot be taken away
            new.unlink(missing_ok=True)
        raise


def copy_whole(source: Path, target: Path) -> None:
    """Copies a file, whole or not at all."""
    with whole(target) as new:
        shutil.copyfile(source, new)


@contextmanager
def named_failures(path: Path) -> Iterator[None]:
    """Turns what the system says of a file that cannot be written into a StoreError: what, where, what next."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(f"{path}: the disk is full: make room and run the same command again") from error
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); name another place") from error
