"""What the tables that follow come from besides articles, as digests: when one changes, they are computed anew."""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.resources import files
from pathlib import Path

from kgraph.catalogue import Catalogue
from kgraph.errors import StoreError
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.reading.fingerprint import digest_of_code, modules_in
from kgraph.records import digest

CODE = ("kgraph.decisions", "kgraph.decisions.checks", "kgraph.schema")  # and all of projection/
DATA = ("schema.yaml", "folder/tables.sql")


def is_up_to_date(db: sqlite3.Connection, catalogue: Catalogue) -> bool:
    """Whether what follows was computed by this kgraph, with these decisions, catalogue files and owners."""
    folder = Folder.of(db)
    causes, asked = digest_of_causes(catalogue, folder.owners), digest_of_file(folder.decisions)
    return get_meta(db, "causes") == causes and get_meta(db, "decisions") == asked


def digest_of_causes(catalogue: Catalogue, owners: Path | None) -> str:
    """What the tables that follow come from besides articles and decisions: when this changes all is computed anew."""
    return digest(_digest_of_code(), catalogue.digest, digest_of_file(owners) if owners else "")


@cache
def _digest_of_code() -> str:
    package = Path(str(files("kgraph")))
    code = digest_of_code((*CODE, *modules_in("kgraph.projection")))
    return digest(code, *(package.joinpath(file).read_text(encoding="utf-8") for file in DATA))


def digest_of_file(file: Path) -> str:
    """Of the bytes, "" where there is none: whether they are a text is said by who understands the file."""
    try:
        return digest(file.read_bytes().decode("latin-1")) if file.exists() else ""
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror or error}); change its permissions") from error
