"""What reads articles is known by all that reads them, and by nothing else: no comment and no unused reader counts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.errors import UsageError
from kgraph.reading import language_model
from kgraph.reading.fingerprint import HOME, digest_of_code, digest_of_reading, fingerprint, modules_in, what_reads

BOTH = ("encoder", "frames")
ALL = (("frames",), ("encoder",), BOTH)

READ = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from kgraph.catalogue import load_catalogue
from kgraph.reading import read
from kgraph.reading.language_model import load_model
from kgraph.records import Article
reading = read(Article("a", "1", "", sys.stdin.read()), load_model(), load_catalogue(), readers=sys.argv[1].split("+"))
modules = [name for name in sys.modules if name.startswith("kgraph.")]
print(json.dumps([modules, opened, [each.reader for each in reading.evidence]]))
"""


@pytest.mark.parametrize("readers", ALL[:2], ids="+".join)
def test_all_that_reads_is_known_and_nothing_else(readers: tuple[str, ...]) -> None:
    text = files("kgraph.samples").joinpath("red-sea-strikes.txt").read_text(encoding="utf-8")
    command = [sys.executable, "-P", "-c", READ, "+".join(readers)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    modules, opened, found = json.loads(done.stdout)
    assert {*found} == {*readers}
    known, data = what_reads(readers)
    assert {*modules} - {"kgraph.reading.readers"} == {*known}
    paths = {Path(path) for path in opened if path.startswith(str(HOME)) and not path.endswith((".py", ".pyc"))}
    below = {path.relative_to(HOME).as_posix() for path in paths if "__pycache__" not in path.parts}
    assert {path for path in below if not path.startswith("catalogue/")} == {*data}  # which has a digest of its own


def test_a_fingerprint_names_what_reads(nlp: Language, catalogue: Catalogue) -> None:
    found = {fingerprint(None, catalogue, readers) for readers in ALL}
    assert len(found) == 3 and fingerprint(None, catalogue) == fingerprint(None, catalogue, ("frames", "encoder"))
    model = "{lang}_{name}-{version} ".format(**nlp.meta)
    assert fingerprint(None, catalogue).startswith(f"{model}encoder+frames ")
    assert fingerprint(None, Catalogue({}, {})) not in found
    with pytest.raises(UsageError, match="reader nobody: there is none of that name; choose among frames, encoder"):
        fingerprint(None, catalogue, ("nobody",))


def test_a_model_is_known_without_being_loaded(nlp: Language) -> None:
    assert {key: language_model._meta(None)[key] for key in ("lang", "name", "version")}.items() <= nlp.meta.items()
    with pytest.raises(UsageError, match="model en_core_web_of_nobody: not installed"):
        fingerprint("en_core_web_of_nobody", Catalogue({}, {}))


def test_what_reads_is_known_without_loading_what_reads() -> None:
    code = "import sys, kgraph.build; from kgraph.reading.fingerprint import what_reads; what_reads(['frames']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert "kgraph.reading.fingerprint" in done.stdout.split()
    assert not {"spacy", "kgraph.reading.documents", "kgraph.reading.claims.frames"} & {*done.stdout.split()}


# A change in a copy of the package. -----------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return shutil.copytree(HOME, tmp_path / "kgraph", ignore=shutil.ignore_patterns("__pycache__", "*.csv", "view", "serve"))


def touched_by(change: Callable[[], object], home: Path) -> set[str]:
    """The readers whose graphs a change makes stale: those of each alone, and those of both."""
    before = {"+".join(readers): digest_of_reading(readers, home) for readers in ALL}
    change()
    return {name for name, was in before.items() if digest_of_reading(name.split("+"), home) != was}


def replaced(file: Path, old: str, new: str) -> Callable[[], object]:
    text = file.read_text(encoding="utf-8")
    assert old in text
    return lambda: file.write_text(text.replace(old, new), encoding="utf-8")


def added(file: Path, more: bytes) -> Callable[[], object]:
    return lambda: file.write_bytes((file.read_bytes() if file.exists() else b"") + more)


def test_a_copy_comes_to_the_same(home: Path) -> None:
    assert digest_of_reading(BOTH, home) == digest_of_reading(BOTH)


SAME = [
    ("reading/dates.py", "from __future__", "# A comment.\n\n\nfrom __future__"),
    ("reading/documents.py", '    """Where a span or token starts', '    """Where it really starts'),
    ("reading/documents.py", "def start(self, span: Span | Token) -> int:", "def start(\n        self, span: Span | Token\n    ) -> int:"),
    ("records.py", "  # ISO date,", "  # a date,"),
    ("catalogue/spotting.py", "Where a text names", "Where one names"),
    ("reading/claims/encoder/network.py", "LEAST = 0.02  #", "LEAST = 0.02  # once more:"),
    ("reading/readers.py", "READERS: ", 'MORE = Reader("kgraph.reading.claims.more", "find")\nREADERS: '),
    ("__init__.py", "__version__ = ", "__version__ = '9' or "),
    ("projection/claims.py", "def claim_row", "def claim_line"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new"), SAME)
def test_what_does_not_read_makes_nothing_stale(file: str, old: str, new: str, home: Path) -> None:
    assert touched_by(replaced(home / file, old, new), home) == set()


ANOTHER = [
    ("reading/dates.py", b"\nMORE = 1\n"), ("reading/actors/words.py", b"\nMORE = 1\n"), ("records.py", b"\nMORE = 1\n"),
    ("safe_text.py", b"\nMORE = 1\n"), ("catalogue/spotting.py", b"\nMORE = 1\n"), ("schema.py", b"\nMORE = 1\n"),
    ("schema.yaml", b"\n"), ("copies.yaml", b"\n"), ("reading/claims/cues.yaml", b"\n"),
    ("reading/actors/descriptions.yaml", b"\n"), ("reading/more.py", b"MORE = 1\n"), ("reading/claims/more.txt", b"more\n"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "more"), ANOTHER)
def test_what_reads_counts_for_all(file: str, more: bytes, home: Path) -> None:
    assert touched_by(added(home / file, more), home) == {"frames", "encoder", "encoder+frames"}


@pytest.mark.parametrize("readers, file", [
    ("frames", "frames.py"), ("encoder", "encoder/network.py"), ("encoder", "encoder/windows.py"),
    ("encoder", "encoder/encoder.onnx"), ("encoder", "encoder/tokenizer.json"),
])  # fmt: skip
def test_what_a_reader_has_of_its_own_counts_where_it_is_used(readers: str, file: str, home: Path) -> None:
    assert touched_by(added(home / "reading" / "claims" / file, b"\nMORE = 1\n"), home) == {readers, "encoder+frames"}


def test_another_constant_is_another_reader(home: Path) -> None:
    change = replaced(home / "reading" / "claims" / "encoder" / "network.py", "LEAST = 0.02", "LEAST = 0.03")
    assert touched_by(change, home) == {"encoder", "encoder+frames"}


def test_what_is_needed_only_for_types_is_not_imported(home: Path) -> None:
    file, text = home / "reading" / "dates.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\n"
    file.write_text(file.read_text(encoding="utf-8") + text.format("import kgraph.projection.claims"), encoding="utf-8")
    assert "kgraph.projection.claims" not in what_reads(BOTH, home)[0]
    file.write_text(file.read_text(encoding="utf-8") + "def late():\n    import kgraph.projection.claims\n", encoding="utf-8")
    assert "kgraph.projection.claims" in what_reads(BOTH, home)[0]


# What is kept of the syntax trees. ------------------------------------------------------------------------------------


def test_what_is_kept_changes_nothing(home: Path) -> None:
    found = digest_of_reading(BOTH, home)
    (kept,) = (home / "reading" / "__pycache__").iterdir()
    codes = json.loads(kept.read_text(encoding="utf-8"))
    assert len(codes) >= len(what_reads(BOTH, home)[0])
    assert digest_of_reading(BOTH, home) == found
    for spoilt in ("{", "[]", '{"kgraph.records": 1}', "", "[" * 100_000):
        kept.write_text(spoilt, encoding="utf-8")
        assert digest_of_reading(BOTH, home) == found


def test_nothing_need_be_kept(home: Path) -> None:
    (home / "reading" / "__pycache__").write_text("in the way", encoding="utf-8")
    assert digest_of_reading(BOTH, home) == digest_of_reading(BOTH)


def test_the_modules_of_a_package_have_a_digest(home: Path) -> None:
    modules = modules_in("kgraph.projection", home)
    assert {"kgraph.projection", "kgraph.projection.claims", "kgraph.projection.update.task"} < {*modules}
    before = digest_of_code(modules, home)
    added(home / "projection" / "claims.py", b"# A comment.\n")()
    assert digest_of_code(modules, home) == before
    added(home / "projection" / "claims.py", b"MORE = 1\n")()
    assert digest_of_code(modules, home) != before
    with pytest.raises(ModuleNotFoundError, match=r"kgraph\.nothing: not below"):
        digest_of_code(["kgraph.nothing"], home)
