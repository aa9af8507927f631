"""A graph as of a day and between two: exactly what a graph of those articles alone would be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgraph import lookup
from kgraph.build import build
from kgraph.cli import main
from kgraph.errors import UsageError
from kgraph.export import canonical_lines
from kgraph.folder import Folder
from kgraph.folder.tables import FOLLOWS
from kgraph.lookup.networks import shortest_paths, stats
from kgraph.lookup.periods import Period, check_date, restrict

NEWS = [
    ("2024-01-10", "Russia agreed to deliver S-300 missiles to Syria. Turkey is allied with Qatar."),
    ("2024-03-10", "Russia delivered S-300 missiles to Syria. Hamas attacked Israel."),
    ("2024-05-10", "Iran trained Hezbollah. Qatar ended its alliance with Turkey on 1 May 2024."),
    (None, "Egypt condemned Ethiopia."),
]


def write(folder: Path, news: list[tuple[str | None, str]]) -> Path:
    folder.mkdir()
    lines = [{"id": text[:20], "text": text} | ({"published": day} if day else {}) for day, text in news]
    (folder / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    build(folder / "g", [folder / "feed.jsonl"], blank_stays=True)
    return folder / "g"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("news") / "all", NEWS)


PERIODS = [
    (Period(as_of="2024-02-01"), NEWS[:1]),
    (Period(as_of="2024-03-10"), NEWS[:2]),
    (Period(since="2024-03-10"), NEWS[1:3]),
    (Period(since="2024-02-01", until="2024-04-01"), NEWS[1:2]),
    (Period(until="2020-01-01"), []),
]


@pytest.mark.parametrize("period, news", PERIODS)
def test_a_period_is_the_graph_of_its_articles(
    graph: Path, tmp_path: Path, period: Period, news: list[tuple[str | None, str]]
) -> None:
    alone = write(tmp_path / "alone", news)
    with Folder(graph).read() as db, Folder(alone).read() as other:
        assert restrict(db, period) == 1
        tables_of = ((db, "temp"), (other, "main"))
        found, expected = (
            {table: sorted(each.execute(f"SELECT * FROM {schema}.{table}"), key=repr) for table in FOLLOWS}
            for each, schema in tables_of
        )
        assert found == expected
        assert [*canonical_lines(db)] == [*canonical_lines(other)]


@pytest.fixture
def january(graph: Path) -> Iterator[object]:
    with Folder(graph).read() as db:
        restrict(db, Period(as_of="2024-02-01"))
        yield db


def test_everything_that_looks_sees_the_period(january: object) -> None:
    assert [claim.status for claim in lookup.claims(january, type="SUPPLIES")] == ["planned"]  # type: ignore[arg-type]
    assert "Hamas" not in {actor.name for actor in lookup.actors(january)}  # type: ignore[arg-type]
    assert stats(january).articles == 1  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no path"):
        shortest_paths(january, "state:iran", "group:hezbollah")  # type: ignore[arg-type]


COMMANDS = ["claims", "actors", "show Syria", "path Russia Syria", "stats"]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(graph: Path, command: str) -> None:
    run = CliRunner()
    everything = run.invoke(main, [*command.split(), "-g", str(graph)])
    earlier = run.invoke(main, [*command.split(), "-g", str(graph), "--as-of", "2024-02-01"])
    assert everything.exit_code == earlier.exit_code == 0, earlier.output
    assert everything.stdout != earlier.stdout and "1 article without a date left out." in earlier.stderr


def test_a_view_and_an_export_of_a_period(graph: Path, tmp_path: Path) -> None:
    shown = []
    for period in ([], ["--to", "2024-02-01"]):
        done = CliRunner().invoke(main, ["view", "-o", str(tmp_path / "page.html"), "-g", str(graph), *period])
        assert done.exit_code == 0, done.output
        shown.append(int(re.search(r"(\d+) actors and", done.stderr)[1]))  # type: ignore[index]
    assert 0 < shown[1] < shown[0]
    done = CliRunner().invoke(main, ["export", str(tmp_path / "g.jsonl"), "-g", str(graph), "--to", "2024-02-01"])
    text = (tmp_path / "g.jsonl").read_text()
    assert done.exit_code == 0 and "Qatar" in text and "trained Hezbollah" not in text


def test_questions_are_asked_of_a_period(graph: Path) -> None:
    found = []
    for more in ([], ["--as-of", "2024-02-01"], ["--as-of", "2024-02-01", "--roll-up", "state"], []):
        command = ["query", "who-arms", "actor=Syria", "--format", "csv", "-g", str(graph), *more]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        found.append([word for word in ("asserted", "planned") if word in done.stdout])
    assert found == [["asserted"], ["planned"], ["planned"], ["asserted"]]


@pytest.mark.parametrize("typed", ["May", "2024-5-1", "2024-02-30", "20240101"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="no date; write it like 2024-06-30"):
        check_date(typed)
