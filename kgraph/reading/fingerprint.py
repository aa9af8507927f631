"""What reads articles, as one short text: the model, the catalogue, the readers of claims, and a digest of this folder.

The folder is what counts: all modules and data files in it, and the modules of kgraph outside that these import, each with
the YAML file of its name beside it. Left out is what belongs to readers that are not used: what only they import, and
their data. Of a module its syntax tree counts, without docstrings: no comment and no formatting makes a graph stale.

A tree comes to the same digest on Python 3.11, 3.12 and 3.13 (compared over all of kgraph): fields that are empty are left
out, so that one which a later Python adds (as 3.12 did `type_params`) changes nothing.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from kgraph.catalogue import Catalogue
from kgraph.reading.language_model import name_of
from kgraph.reading.readers import DEFAULT_READERS, READERS, check_readers
from kgraph.records import digest

HOME = Path(str(files("kgraph")))
_READING = "kgraph.reading"
# The package as such reads nothing; the others only say what counts, and which readers there are.
_NOT_READING = frozenset(("kgraph", "kgraph.reading.fingerprint", "kgraph.reading.readers"))


class Code(NamedTuple):
    """What counts of a module: the digest of its syntax tree, and the modules of kgraph that it may import."""

    source: str  # digest of the bytes
    syntax: str
    imports: tuple[str, ...]


CodeOf = Callable[[str], Code | None]  # by a name; None where it is no module of kgraph


def fingerprint(model: str | None, catalogue: Catalogue, readers: Iterable[str] = DEFAULT_READERS) -> str:
    """What reads articles now, as one short text. Raises UsageError where there is no such model or reader."""
    used = tuple(sorted({*readers}))
    return f"{name_of(model)} {'+'.join(used)} {digest(_digest_of_reading(used), catalogue.digest)}"


@cache
def _digest_of_reading(readers: tuple[str, ...]) -> str:
    return digest_of_reading(readers)


def digest_of_reading(readers: Iterable[str], home: Path = HOME) -> str:
    """A digest of all code and data with which a kgraph reads articles."""
    modules, data = what_reads(readers, home)
    return digest(digest_of_code(modules, home), *(f"{path} {_hash(home.joinpath(path).read_bytes())}" for path in data))


def digest_of_code(modules: Iterable[str], home: Path = HOME) -> str:
    """A digest of the syntax trees of some modules, without docstrings."""
    with _kept_codes(home) as code_of:
        codes = {module: code_of(module) for module in sorted(modules)}
    if missing := [module for module, code in codes.items() if code is None]:
        raise ModuleNotFoundError(f"{', '.join(missing)}: not below {home}")
    return digest(*(f"{module} {code.syntax}" for module, code in codes.items() if code))


def modules_in(package: str, home: Path = HOME) -> list[str]:
    """The modules of a package of kgraph, and those of all packages in it."""
    paths = (path.relative_to(home).with_suffix("") for path in _file(package, home).parent.rglob("*.py"))
    return sorted(".".join(("kgraph", *path.parts)).removesuffix(".__init__") for path in paths)


def what_reads(readers: Iterable[str], home: Path = HOME) -> tuple[list[str], list[str]]:
    """The modules that read articles with some readers, and their data files, as paths below `home`."""
    used = {*readers}
    check_readers(used)
    with _kept_codes(home) as code_of:
        shared = _imported([_READING], code_of)
        own = {name: _imported([each.module], code_of) - shared for name, each in READERS.items()}
        ours = shared.union(*(own[name] for name in used))
        theirs = set[str]().union(*own.values()) - ours
        modules = _imported({*modules_in(_READING, home)} - theirs, code_of)
    unused = _data_of(READERS.keys() - used) - _data_of(used)
    folder = home / "reading"
    inside = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".py" and not _is_hidden(path, home)}
    beside = {path for name in modules if (path := _file(name, home).with_suffix(".yaml")).is_file()}
    data = {path.relative_to(home).as_posix() for path in inside | beside}
    return sorted(modules), sorted(data - unused)


def _data_of(readers: Iterable[str]) -> set[str]:
    """The data files of some readers, as paths below the home of kgraph."""
    homes = ((READERS[name].module.split(".")[1:-1], READERS[name].data) for name in readers)
    return {"/".join((*folders, name)) for folders, data in homes for name in data}


def _is_hidden(path: Path, home: Path) -> bool:
    return any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(home).parts)


# Modules. -------------------------------------------------------------------------------------------------------------


def _imported(modules: Iterable[str], code_of: CodeOf) -> set[str]:
    """Some modules of kgraph, with all that they import, and what that imports in turn."""
    found, todo = set[str](), [*modules]
    while todo:
        module = todo.pop()
        if module not in found and module not in _NOT_READING and (code := code_of(module)):
            found.add(module)
            todo += (module.rpartition(".")[0], *code.imports)
    return found


def _file(module: str, home: Path) -> Path:
    """Where a module of kgraph lies; of one that is none, where it would."""
    path = home.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_name(f"{path.name}.py")


@contextmanager
def _kept_codes(home: Path) -> Iterator[CodeOf]:
    """Says what counts of modules. Parsing them takes some tenths of a second: what it gave is kept beside the byte-code.

    Where none is to be written (PYTHONDONTWRITEBYTECODE) it is kept nevertheless: it takes a few kilobytes.
    """
    kept = home / "reading" / "__pycache__" / f"fingerprint.{sys.implementation.cache_tag}.json"
    known = _load(kept)
    now, way = dict(known), Path(__file__).read_bytes()  # another way to do it gives other digests

    @cache
    def code_of(module: str) -> Code | None:
        file = _file(module, home)
        if not file.is_file():
            return None
        text = file.read_bytes()
        source = _hash(way + text)
        if module not in now or now[module].source != source:
            tree = ast.parse(text)
            now[module] = Code(source, _hash("\n".join(_words(tree, [])).encode()), tuple(sorted(_imports(tree))))
        return now[module]

    yield code_of
    if now != known:
        _write(kept, now)


def _load(kept: Path) -> dict[str, Code]:
    try:
        found = json.loads(kept.read_bytes())
        return {str(name): Code(str(source), str(code), tuple(imports)) for name, (source, code, imports) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _write(kept: Path, codes: dict[str, Code]) -> None:
    """Writes them whole, or not at all where nothing may be written: then they are computed each time."""
    new = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            kept.parent.mkdir(exist_ok=True)
            new.write_text(json.dumps(codes), encoding="utf-8")
            new.replace(kept)
        finally:
            new.unlink(missing_ok=True)


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


# Syntax trees. --------------------------------------------------------------------------------------------------------


def _words(value: object, into: list[str]) -> list[str]:
    """A tree as a list of words: equal for equal programs. A text that stands alone is a docstring and no part of it."""
    if isinstance(value, ast.AST):
        into.append(type(value).__name__)
        for name in value._fields:
            part = getattr(value, name, None)
            if part is not None and part != [] and name not in _ONLY_FOR_PEOPLE:
                into.append(name)
                _words(part, into)
        into.append(")")
    elif isinstance(value, list):
        for part in value:
            if not _is_docstring(part):
                _words(part, into)
        into.append("]")
    else:
        into.append(ascii(value))  # repr would follow Python's version of Unicode
    return into


_ONLY_FOR_PEOPLE = ("ctx", "kind", "type_comment")  # what the place of a node says already, u"", a comment


def _is_docstring(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _imports(tree: ast.AST) -> set[str]:
    """The names in imports that may be modules of kgraph, wherever they stand; not those that only types need."""
    found, todo = set[str](), [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            todo += node.orelse
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        else:
            todo += ast.iter_child_nodes(node)
    return {name for name in found if name.partition(".")[0] == "kgraph"}
