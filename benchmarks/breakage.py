"""What survives: kgraph killed at random moments, and bytes of a graph folder flipped, cut and overwritten.

python benchmarks/breakage.py --kills 60 --damages 60 --seed 1

A kill is `kill -9` of everything that a command has started. What was there before must then be readable; the same command
once more must end as if nothing had happened. After damage `kgraph check` must name something, unless everything that the
folder holds is as it was; no command may end in a traceback.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kgraph.build.check import check
from kgraph.decisions import load_decisions, read_all
from kgraph.errors import KgraphError
from kgraph.export import EXPORTERS, canonical_lines
from kgraph.folder import Folder
from kgraph.graph import open_store

NAMES = ("Russia", "Ukraine", "Syria", "Mali", "Hamas", "Hezbollah", "Iran", "Israel", "Turkey", "France")
SAYINGS = (
    "{} attacked {} on Monday.", "{} supplied {} with S-300 missiles, officials said.", "{} condemned {}.", "{} is allied with {}.",
)  # fmt: skip
PATIENCE = 300  # seconds for a command that nobody kills

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a trial happens: a graph folder, and what is read into it."""

    path: Path

    @property
    def graph(self) -> Path:
        return self.path / "g"

    @property
    def plain(self) -> Path:
        """The graph that the same commands give when nobody kills them."""
        return self.path / "plain"

    def kgraph(self, *arguments: str) -> Command:
        return (sys.executable, "-m", "kgraph.cli", *arguments, "-g", str(self.graph))

    def file(self, name: str) -> str:
        return str(self.path / name)


@dataclass(frozen=True, slots=True)
class Trial:
    """Commands that run at once, on a graph or on none; `stays` says what is wrong after a kill, `ends` after one more run."""

    commands: Callable[[Home], Sequence[Command]]
    begins: str = "graph"  # or "nothing"
    stays: Callable[[Home], str | None] = lambda home: None
    ends: Callable[[Home], str | None] = lambda home: None


# What is there at first. ----------------------------------------------------------------------------------------------


def write_feed(path: Path, count: int, seed: int) -> None:
    """A feed of short articles."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for number in range(count):
            sentences = [chance.choice(SAYINGS).format(*chance.sample(NAMES, 2)) for _ in range(6)]
            article = {
                "id": f"{path.stem} {number}", "text": " ".join(sentences), "outlet": f"The {chance.choice('ABC')} Daily",
                "published": f"2024-05-{number % 28 + 1:02}",
            }  # fmt: skip
            lines.write(json.dumps(article) + "\n")


def prepare(place: Path, count: int) -> None:
    """Feeds, a graph with decisions and a copy for questions, and a colleague's decisions."""
    home = Home(place)
    for seed, name in enumerate(("old", "new", "more")):
        write_feed(place / f"{name}.jsonl", count, seed)
    (place / "own.csv").write_text("id,name,kind,aliases\ngroup:oban,Oban Front,Group,Front for Oban\n")
    run(home.kgraph("build", home.file("old.jsonl")))
    with Folder(home.graph).read() as db:
        claims = [id for (id,) in db.execute("SELECT id FROM claim ORDER BY id LIMIT 6")]
    for claim in claims[:3]:
        run(home.kgraph("accept", claim, "--who", "one", "--why", "seen"))
    shutil.copytree(home.graph, place / "colleague")
    for claim in claims[3:]:
        run((*home.kgraph("reject", claim, "--who", "two")[:-1], str(place / "colleague")))
    run(home.kgraph("query", "between", "a=Russia", "b=Ukraine"))


def run(command: Command) -> subprocess.CompletedProcess[str]:
    """A command to its end; a traceback ends everything."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=PATIENCE)
    if "Traceback" in done.stderr:
        raise AssertionError(f"{' '.join(command)}\n{done.stderr}")
    return done


# Kills. ---------------------------------------------------------------------------------------------------------------


def state(graph: Path) -> list[str]:
    """All that a graph holds."""
    with Folder(graph).read() as db:
        return list(canonical_lines(db))


def is_whole(home: Home) -> str | None:
    return "; ".join(check(home.graph)) or None


def same(home: Home) -> str | None:
    """That a graph is the one that comes without a kill."""
    return None if state(home.plain) == state(home.graph) else "not the graph that comes without a kill"


def decided(home: Home) -> str | None:
    """That decisions can be read, and none of those that were there before is gone."""
    before = {one.id for one in read_all(home.path / "before" / "decisions.jsonl")}
    now = {one.id for one in read_all(home.graph / "decisions.jsonl")}
    return None if before <= now else f"{len(before - now)} decisions are gone"


def merged(home: Home) -> str | None:
    theirs = {one.id for one in read_all(home.path / "colleague" / "decisions.jsonl")}
    now = {one.id for one in load_decisions(home.graph / "decisions.jsonl")}
    return decided(home) or (None if theirs <= now else "a colleague's decisions are missing") or is_whole(home)


def _claims(home: Home) -> list[str]:
    with Folder(home.graph).read() as db:
        return [id for (id,) in db.execute("SELECT id FROM claim ORDER BY id DESC LIMIT 3")]


def judging(home: Home) -> Sequence[Command]:
    return [home.kgraph("comment", claim, "looked at", "--who", "three") for claim in _claims(home)]


def exporting(home: Home) -> Sequence[Command]:
    return [home.kgraph("export", home.file("out.jsonl")), home.kgraph("export", home.file("out.csv"))]


def exported(home: Home) -> str | None:
    """That an export is whole where it is there."""
    file = home.path / "out.jsonl"
    if not file.exists():
        return None
    return None if file.read_text(encoding="utf-8").splitlines() == state(home.graph) else "half an export"


def exploring(home: Home) -> Sequence[Command]:
    return [(sys.executable, __file__, "--explore", str(home.graph))]


def kept_what_it_said(home: Home) -> str | None:
    """That what the explorer called kept is kept."""
    said = home.path / "g.said"
    told = set(said.read_text().split()) if said.exists() else set()
    now = {one.id for one in read_all(home.graph / "decisions.jsonl")}
    return decided(home) or (None if told <= now else f"{len(told - now)} decisions of the explorer are gone")


TRIALS = {
    "new build": Trial(lambda h: [h.kgraph("build", h.file("new.jsonl"))], "nothing", ends=same),
    "growing build": Trial(lambda h: [h.kgraph("build", h.file("new.jsonl"))], stays=decided, ends=same),
    "rereading build": Trial(
        lambda h: [h.kgraph("build", h.file("old.jsonl"), "--reread", "--catalogue", h.file("own.csv"))],
        stays=decided, ends=is_whole,
    ),
    "two builds at once": Trial(
        lambda h: [h.kgraph("build", h.file("new.jsonl")), h.kgraph("build", h.file("more.jsonl"))],
        stays=decided, ends=same,
    ),
    "decisions": Trial(judging, stays=decided, ends=is_whole),
    "merge": Trial(lambda h: [h.kgraph("decisions", "--merge", h.file("colleague/decisions.jsonl"))], stays=decided, ends=merged),
    "rebuild": Trial(lambda h: [h.kgraph("rebuild")], stays=decided, ends=same),
    "rebuild --extract": Trial(lambda h: [h.kgraph("rebuild", "--extract", "--yes")], stays=decided, ends=same),
    "explorer": Trial(exploring, stays=kept_what_it_said, ends=is_whole),
    "export": Trial(exporting, stays=exported, ends=exported),
    "question": Trial(lambda h: [h.kgraph("query", "between", "a=Russia", "b=Mali", "--roll-up", "state")], ends=is_whole),
}  # fmt: skip


def kill_trials(base: Path, count: int, seed: int, names: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """What was killed, and what did not hold."""
    chance, plain = random.Random(seed), dict[str, tuple[Path, float]]()
    for number in range(count):
        name = names[number % len(names)]
        if name not in plain:
            plain[name] = _without_a_kill(base, base.parent / f"plain {name}", TRIALS[name])
        with tempfile.TemporaryDirectory(dir=base.parent) as place:
            yield f"kill of {name}", _kill_trial(base, Home(Path(place) / "home"), TRIALS[name], chance, *plain[name])


def _without_a_kill(base: Path, place: Path, trial: Trial) -> tuple[Path, float]:
    """The graph that comes of a trial's commands, and how long they take."""
    home = Home(place)
    _begin(base, home, trial)
    begun = time.monotonic()
    kill_after(trial.commands(home), PATIENCE)
    return home.graph, time.monotonic() - begun


def _kill_trial(base: Path, home: Home, trial: Trial, chance: random.Random, plain: Path, lasts: float) -> str | None:
    _begin(base, home, trial)
    shutil.copytree(plain, home.plain)
    kill_after(trial.commands(home), chance.uniform(0, lasts))
    try:
        if home.graph.exists() and trial.begins == "graph" and (wrong := trial.stays(home)):
            return wrong
        for command in trial.commands(home):
            done = run(command)
            if done.returncode:
                return f"the same once more ends with {done.returncode}: {done.stderr[-300:]}"
        return trial.ends(home) or is_whole(home)
    except (AssertionError, KgraphError) as error:
        return str(error)


def _begin(base: Path, home: Home, trial: Trial) -> None:
    shutil.copytree(base, home.path)
    if trial.begins == "nothing":
        shutil.rmtree(home.graph)
    else:
        shutil.copytree(home.graph, home.path / "before")


def kill_after(commands: Sequence[Command], seconds: float) -> None:
    """Starts commands at once, and kills them with all that they have started, unless they end before."""
    running = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for command in commands
    ]
    until = time.monotonic() + seconds
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def explore_and_decide(graph: Path) -> None:
    """Serves a graph and decides over it, one decision after the other; notes in a file what was called kept."""
    home = Home(graph.parent)
    command = home.kgraph("explore", "--no-open")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            address, _, token = server.stdout.readline().strip().partition("#token=")
            headers = {"Content-Type": "application/json", "X-Kgraph-Token": token}
            for claim in _claims(home):
                _decide(urlsplit(address).netloc, claim, headers, graph.parent / "g.said")
        finally:
            server.kill()


def _decide(host: str, claim: str, headers: dict[str, str], said: Path) -> None:
    """Asks for a decision, and notes it once it is called kept."""
    with closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as line:
        line.request("POST", "/api/decide", json.dumps({"action": "comment", "target": claim, "value": "so"}), headers)
        answer = json.loads(line.getresponse().read())
    with said.open("a") as notes:
        notes.write(f"{answer['id']}\n")


# Damage. --------------------------------------------------------------------------------------------------------------


def flip(data: bytearray, chance: random.Random) -> None:
    """One bit is another one."""
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    """The end is missing."""
    del data[chance.randrange(len(data)) :]


def overwrite(data: bytearray, chance: random.Random) -> None:
    """Some bytes are others."""
    length = min(len(data), chance.choice((1, 8, 100, 4096)))
    start = chance.randrange(len(data) - length + 1)
    data[start : start + length] = chance.choice((bytes(length), chance.randbytes(length), b" " * length))


def letter(data: bytearray, chance: random.Random) -> None:
    """One letter of a text is the next one: what no parser sees."""
    letters = [n for n in (chance.randrange(len(data)) for _ in range(2000)) if 97 <= data[n] < 122]
    if letters:
        data[letters[0]] += 1


DAMAGES = (flip, cut, overwrite, letter)
COMMANDS: tuple[Command, ...] = (
    ("claims",), ("stats",), ("query", "between", "a=Russia", "b=Ukraine"), ("decisions",), ("history", "Russia"), ("rebuild",), ("check",),
)  # fmt: skip


def with_a_wal(base: Path, graph: Path) -> None:
    """A copy of a graph whose last change stands in the WAL alone, as after a kill."""
    shutil.copytree(base / "g", graph)
    code = (
        "import os, sys\nfrom kgraph.build import build\n"
        "import sqlite3\nkept = sqlite3.connect(sys.argv[1] + '/evidence.db'); kept.execute('BEGIN'); kept.execute('SELECT 1 FROM meta').fetchall()\n"
        "build(sys.argv[1], [sys.argv[2]])\nos._exit(9)\n"  # a reader held the WAL open
    )
    run((sys.executable, "-c", code, str(graph), str(base / "new.jsonl")))
    assert (graph / "evidence.db-wal").stat().st_size


def damage_trials(base: Path, count: int, seed: int, *, commands: int = 1) -> Iterator[tuple[str, str | None]]:
    """What was damaged, and what did not hold."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=base.parent) as place:
        open_wal = Path(place) / "wal"
        with_a_wal(base, open_wal)
        for number in range(count):
            graph = Path(place) / "g"
            source = open_wal if number % 5 == 1 else base / "g"
            shutil.copytree(source, graph)
            file = _target(graph, number, chance)
            how = DAMAGES[number % len(DAMAGES)] if number % 3 else chance.choice(DAMAGES)
            data = bytearray(file.read_bytes())
            how(data, chance)
            file.write_bytes(data)
            yield (
                f"{how.__name__} in {file.name if file.parent == graph else 'the copy'}",
                _damage_trial(source, graph, chance, commands),
            )
            shutil.rmtree(graph)


def _target(graph: Path, number: int, chance: random.Random) -> Path:
    copy = sorted(path for path in (graph / "graph").rglob("*") if path.is_file() and path.stat().st_size)
    files = (
        graph / "evidence.db", graph / "evidence.db-wal", graph / "decisions.jsonl", graph / "kgraph.json", chance.choice(copy) if copy else None,
    )  # fmt: skip
    file = files[number % len(files)]
    return file if file and file.exists() and file.stat().st_size else graph / "evidence.db"


def _damage_trial(source: Path, graph: Path, chance: random.Random, commands: int) -> str | None:
    try:
        named = check(graph)
    except KgraphError as error:
        named = [str(error)]
    except Exception as error:  # a traceback for whoever asked
        return f"check: {error!r}"
    if not named and (lost := _differs(source, graph)):
        return f"check says whole, but {lost}"
    for command in chance.sample(COMMANDS, commands):
        done = subprocess.run(
            (sys.executable, "-m", "kgraph.cli", *command, "-g", str(graph)), capture_output=True, text=True, errors="replace",
            timeout=PATIENCE,
        )  # fmt: skip
        if "Traceback" in done.stderr or done.returncode < 0:
            return f"{command[0]}: {done.stderr[-400:] or done.returncode}"
    return None


def _differs(source: Path, graph: Path) -> str | None:
    """What of a folder that is called whole is not as it was."""
    if state(source) != state(graph):
        return "the graph is another one"
    if [one.as_json() for one in read_all(source / "decisions.jsonl")] != [
        one.as_json() for one in read_all(graph / "decisions.jsonl")
    ]:
        return "decisions are others"
    for table in ("past_article", "past_claim", "meta"):
        if _rows(source, table) != _rows(graph, table):
            return f"{table} is another one"
    text = "MATCH (a:Actor) RETURN a.actorId AS id, a.name AS name ORDER BY id"
    answers = []
    for folder in (source, graph):
        with open_store(folder) as store:
            answers.append(store.ask(text, {}).rows)
    return None if answers[0] == answers[1] else "questions are answered otherwise"


def _rows(folder: Path, table: str) -> list[tuple[object, ...]]:
    with Folder(folder).read() as db:
        return sorted(db.execute(f"SELECT * FROM {table}"), key=repr)


# All of it. -----------------------------------------------------------------------------------------------------------


def trials(
    place: Path, kills: int, damages: int, seed: int, articles: int = 12, names: Sequence[str] = tuple(TRIALS)
) -> Iterator[tuple[str, str | None]]:
    """What was tried (of TRIALS those of some names), and what did not hold (None where it did)."""
    base = place / "base"
    base.mkdir()
    prepare(base, articles)
    yield from damage_trials(base, damages, seed)
    yield from kill_trials(base, kills, seed, names)


def main() -> None:
    assert set(EXPORTERS) >= {".jsonl", ".csv"}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--damages", type=int, default=60)
    parser.add_argument("--articles", type=int, default=12, help="in each feed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--explore", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.explore:
        explore_and_decide(asked.explore)
        return
    tried, failed, begun = Counter[str](), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        for what, wrong in trials(Path(place), asked.kills, asked.damages, asked.seed, asked.articles):
            tried[what] += 1
            failed[what] += wrong is not None
            print(f"{what}: {wrong or 'held'}", flush=True)
    for what in sorted(tried):
        print(f"{what:<32} {tried[what] - failed[what]:>3} of {tried[what]:>3} held")
    print(f"{tried.total() - failed.total()} of {tried.total()} held, in {time.monotonic() - begun:.0f} s")
    raise SystemExit(bool(failed.total()))


if __name__ == "__main__":
    main()
