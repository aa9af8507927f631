"""Damage by chance: bytes of a graph folder are flipped, cut off or overwritten, and what kgraph says then is weighed.

`make` writes the folders that are damaged, `trial` damages a copy of one and says what was wrong with how kgraph took it.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.testing import CliRunner

from kgraph.build import bring_up_to_date, build, refresh, remove
from kgraph.build.check import check
from kgraph.build.summary import Summary
from kgraph.cli import main
from kgraph.decisions import add_decision, read_all
from kgraph.errors import KgraphError
from kgraph.folder import Folder
from kgraph.folder.database import set_meta
from kgraph.folder.tables import FOLLOWS, PAST, READ
from kgraph.review import decide

ARTICLES = {
    "arms": "Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, Israel said.",
    "war": "Hamas attacked Israel on 7 October 2023. The United States condemned Hamas.",
    "deal": "North Korea agreed to send artillery shells to Russia, South Korea's Defense Ministry said.",
    "copy": "Hamas attacked Israel on 7 October 2023. The United States condemned Hamas. Mali thanked Russia.",
}
LATER = {
    "war": "Hamas attacked Israel on 7 October 2023. Turkey condemned Hamas.",
    "more": "Ukraine attacked Russia. China condemned Ukraine.",
}
QUESTIONS = (
    "MATCH (n:Claim) RETURN n.claimId AS id, n.text AS text, n.status AS status ORDER BY id",
    "MATCH (e:Evidence)-[:ABOUT]->(c:Claim) RETURN e.evidenceId AS id, e.sentence AS s, c.claimId AS c ORDER BY id, c",
)
TABLES = (*READ, *FOLLOWS, *PAST, "meta", "state", "touched", "decided", "signed", "band")


@dataclass(frozen=True, slots=True)
class Made:
    """Graph folders as they lie on a disk, and what each of them holds."""

    news: Path
    folders: tuple[Path, ...]  # at rest; after a kill that left its changes in the WAL; after one amid reading


def make(home: Path) -> Made:
    """Writes the folders: with corrections, an article that is gone, decisions, and a copy for questions."""
    news, graph = home / "news", home / "rest"
    news.mkdir(parents=True)
    for name, text in ARTICLES.items():
        (news / f"{name}.txt").write_text(text)
    build(graph, [news])
    (news / "war.txt").write_text(LATER["war"])
    build(graph, [news])
    remove(graph, ["deal.txt"])
    (news / "deal.txt").unlink()
    with closing(sqlite3.connect(graph / "evidence.db")) as db:
        ids = [id for (id,) in db.execute("SELECT id FROM evidence ORDER BY id")]
    decide(graph, "reject", ids[0], why="no such thing")
    add_decision(Folder(graph).decisions, "comment", ids[1], "look here", who="somebody")
    refresh(graph)
    ask(graph)
    (news / "more.txt").write_text(LATER["more"])
    for name, finish in (("wal", True), ("pending", False)):
        shutil.copytree(graph, home / "work")
        leave(home / "work", home / name, news / "more.txt", finish=finish)
        shutil.rmtree(home / "work")
    (news / "more.txt").unlink()
    return Made(news, (graph, home / "wal", home / "pending"))


def leave(graph: Path, to: Path, article: Path, *, finish: bool) -> None:
    """A folder as a kill leaves it: after a build was finished, but before its database was closed, or amid reading."""
    from kgraph.articles import read_articles
    from kgraph.build.readings import keep
    from kgraph.build.workers import in_this_process
    from kgraph.reading.fingerprint import fingerprint
    from kgraph.reading.language_model import DEFAULT_MODEL

    with Folder(graph).write() as db:
        catalogue = Folder(graph).catalogue()
        set_meta(db, "model", DEFAULT_MODEL, schema="pending")
        with in_this_process().open(DEFAULT_MODEL, catalogue) as read:
            keep(db, read_articles([article]), read, fingerprint(DEFAULT_MODEL, catalogue), Summary())
        if finish:
            bring_up_to_date(db, catalogue, Summary(), model=DEFAULT_MODEL)
        shutil.copytree(graph, to)


def ask(graph: Path) -> list[list[dict[str, Any]]]:
    """What the copy for questions answers."""
    from kgraph.graph.embedded import open_embedded

    with open_embedded(graph) as store:
        return [store.ask(text, {}).rows for text in QUESTIONS]


def content(graph: Path, tables: Sequence[str] = ()) -> dict[str, list[tuple[object, ...]]]:
    """All that a folder holds, or what is in some tables."""
    with closing(sqlite3.connect(f"{(graph / 'evidence.db').absolute().as_uri()}?mode=ro", uri=True)) as db:
        found: dict[str, list[tuple[object, ...]]] = {
            table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables or TABLES
        }
    if tables:
        return found
    decisions = [(one.id, one.why, one.value) for one in read_all(Folder(graph).decisions)]
    return found | {"decisions": decisions}


# Damage. --------------------------------------------------------------------------------------------------------------


def flip(data: bytearray, chance: random.Random) -> str:
    """One bit."""
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return f"a bit of byte {at} flipped"


def cut(data: bytearray, chance: random.Random) -> str:
    """All from some place on."""
    at = chance.randrange(len(data))
    del data[at:]
    return f"cut at {at}"


def overwrite(data: bytearray, chance: random.Random) -> str:
    """Some bytes in a row."""
    at, length = chance.randrange(len(data)), chance.choice((1, 2, 4, 16, 100, 4096))
    some = chance.randbytes(length) if chance.random() < 0.7 else bytes(length)
    data[at : at + length] = some[: len(data) - at]
    return f"{length} bytes overwritten at {at}"


def retype(data: bytearray, chance: random.Random) -> str:
    """One letter of a word, as a hand would."""
    letters = [at for at, byte in enumerate(data) if 97 <= byte <= 122]
    if not letters:
        return flip(data, chance)
    at = chance.choice(letters)
    data[at] = 97 + (data[at] - 96 + chance.randrange(25)) % 26
    return f"a letter at {at} changed"


WAYS: tuple[Callable[[bytearray, random.Random], str], ...] = (flip, retype, overwrite, cut)


def harm(folder: Path, chance: random.Random, *names: str) -> str:
    """Damages one file of a folder (or one of some names); says which and how."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    files = [path for path in files if not names or any(path.match(name) for name in names)]
    top = [path for path in files if path.parent == folder]
    path = chance.choice(top if top and chance.random() < 0.75 else files)
    data = bytearray(path.read_bytes())
    before = bytes(data)
    while bytes(data) == before:
        data = bytearray(before)
        what = chance.choice(WAYS)(data, chance)
    path.write_bytes(data)
    return f"{path.relative_to(folder)}: {what}"


# Trials. --------------------------------------------------------------------------------------------------------------


def trial(made: Made, scratch: Path, chance: random.Random, *names: str, full: bool = True) -> tuple[str, list[str]]:
    """Damages a copy of a folder; what was done, and what kgraph did not take as it should (nothing: it held).

    A trial that is not `full` only looks: it asks the copy for questions nothing, and lets nothing write.
    """
    base = chance.choice(made.folders)
    folder = scratch / "g"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    what = f"{base.name}: {harm(folder, chance, *names)}"
    return what, [*_weigh(made, base, folder, full)]


def _weigh(made: Made, base: Path, folder: Path, full: bool) -> Iterator[str]:
    try:
        found = check(folder)
    except KgraphError as error:
        found = [str(error)]
    except Exception as error:
        yield f"check: {error!r}"
        return
    if not found and (differs := _difference(base, folder)):
        yield f"check says whole, but {differs}"
    copied = folder.with_name("written")
    for command in COMMANDS if full else COMMANDS[:1]:
        yield from _run(folder, *command)
    if not full:
        return
    if not _same_answers(base, folder):
        yield "query answers otherwise, without a word"
    for writing in WRITING:
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(folder, copied)
        source = [str(made.news)] if writing[0] == "build" else []
        yield from _run(copied, *writing, *source)
        if found and writing == ("rebuild",) and (left := check(copied)) != found and not left:
            with suppress(KgraphError, sqlite3.Error):
                if differs := _difference(base, copied, ("evidence", "article", "filler", "claim")):
                    yield f"rebuild made it true: {differs}"


COMMANDS = (
    ("claims",), ("stats",), ("actors",), ("show", "Russia"), ("history", "Russia"), ("outlets",), ("decisions",),
)  # fmt: skip
WRITING = (("rebuild",), ("build", "--workers", "0"), ("rebuild", "--extract", "--yes", "--workers", "0"))


def _run(folder: Path, *command: str) -> Iterator[str]:
    """A command, which ends with an answer or one line."""
    done = CliRunner().invoke(main, [*command, "-g", str(folder)])
    if done.exception and not isinstance(done.exception, SystemExit | click.ClickException):
        yield f"{' '.join(command)}: {done.exception!r}"
    elif done.exit_code not in (0, 1, 2):
        yield f"{' '.join(command)}: ends with {done.exit_code}"


def _difference(base: Path, folder: Path, tables: tuple[str, ...] = ()) -> str | None:
    before, after = content(base, tables), content(folder, tables)
    names = [name for name in before if before[name] != after[name]]
    return f"{', '.join(names)} differ" if names else None


def _same_answers(base: Path, folder: Path) -> bool:
    """Whether the copy of a folder answers as that of the sound one, or in one line that it cannot."""
    try:
        if _difference(base, folder, tuple(name for name in TABLES if name in FOLLOWS or name in READ)):
            return True  # of a database that is damaged one asks `check`
        return ask(folder) == _asked(base)
    except (KgraphError, sqlite3.Error):
        return True


_ASKED: dict[Path, list[list[dict[str, Any]]]] = {}


def _asked(base: Path) -> list[list[dict[str, Any]]]:
    if base not in _ASKED:
        with TemporaryDirectory() as work:
            shutil.copytree(base, Path(work) / "g")
            _ASKED[base] = ask(Path(work) / "g")
    return _ASKED[base]
