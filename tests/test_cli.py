"""The command line as a person uses it, on the sample articles."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import threading
import time
from importlib.resources import files
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import kgraph
from kgraph import lookup
from kgraph.cli import main
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.folder.pending import has_pending
from kgraph.folder.readings import SetAside, find_set_aside, set_aside, write_reading
from kgraph.records import Article, Reading
from kgraph.schema import load_schema


def run(*arguments: str, graph: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KGRAPH_GRAPH": str(graph or "nowhere.kg")}
    command = [sys.executable, "-m", "kgraph.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, env=environment, encoding="utf-8")


BENEATH = {  # errors, choices, and making text safe
    "kgraph.errors", "kgraph.reading.readers", "kgraph.records", "kgraph.safe_text", "kgraph.schema", "kgraph.trust",
}  # fmt: skip
OTHERS = {"click", "rich", "rapidfuzz"} | set(sys.stdlib_module_names) - {"sqlite3"}


@pytest.mark.parametrize("path", sorted(Path(str(files("kgraph.cli"))).glob("*.py")), ids=lambda path: path.stem)
def test_the_command_line_calls_the_public_face_and_nothing_beneath(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert all(name.name == "kgraph" or name.name.split(".")[0] in OTHERS for name in node.names), ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module == "kgraph":
                assert {name.name for name in node.names} <= {*kgraph.__all__}, ast.unparse(node)
            elif not module.startswith("kgraph.cli"):
                assert module in BENEATH or module.split(".")[0] in OTHERS, ast.unparse(node)
    assert not re.search(r"\b(SELECT|INSERT|UPDATE|DELETE)\b", text)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0 and "Example:" in done.stdout and f"kgraph {command}" in done.stdout


@pytest.mark.parametrize("typed", ["nan", "-nan", "inf", "-inf", "1e300", "1e10", "-1", "0", "1e-300", "x", ""])
def test_a_limit_of_time_is_one(typed: str) -> None:
    options = [option for command in main.commands.values() for option in command.params if str(option.name).startswith("seconds")]
    assert len(options) >= 3
    for option in options:
        with pytest.raises(click.BadParameter):
            option.type(typed)
        assert option.type("3600") == 3600


NUMBERS = [["path", "Iran", "Ukraine", "--limit"], ["near", "Iran", "--hops"], ["central", "--most"], ["review", "--list", "--limit"],
           ["view", "-o", "v.html", "--about", "Iran", "--hops"]]  # fmt: skip


@pytest.mark.parametrize("words", NUMBERS, ids=lambda words: words[0])
def test_a_number_may_be_any(sample_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for number, code in (("-1", 2), ("0", 2), (str(10**30), 0)):
        assert CliRunner().invoke(main, [*words, number, "-g", str(sample_graph)]).exit_code == code


def test_what_is_too_long_for_a_name_is_named(sample_graph: Path) -> None:
    for words in (["explain", "a" * 99_999], ["explain", "%"], ["diff", "a" * 9999, "2024-01-01"]):
        done = run(*words, graph=sample_graph)
        assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr


def test_claims_as_json_lines(sample_graph: Path) -> None:
    lines = [json.loads(line) for line in run("claims", "--format", "jsonl", graph=sample_graph).stdout.splitlines()]
    assert lines and all({"type", "roles", "status", "evidence"} <= line.keys() for line in lines)
    assert all(quote["sentence"] and quote["end"] > quote["start"] for line in lines for quote in line["evidence"])


def test_actors_as_json_lines(sample_graph: Path) -> None:
    lines = [json.loads(line) for line in run("actors", "--format", "jsonl", graph=sample_graph).stdout.splitlines()]
    assert {"name", "kind", "aliases"} <= lines[0]["actor"].keys() and lines[0]["articles"]


ANSWERS = [
    (("claims", "--about", "Houthis"), "Houthis"),
    (("claims", "--about", "Ansar Allah", "--type", "SUPPLIES"), "Iran"),
    (("claims", "--status", "planned", "--format", "csv"), "planned"),
    (("claims", "--roll-up", "state"), "("),
    (("show", "Hizbollah"), "Hezbollah (Group)"),
    (("path", "Iran", "Ukraine"), "Iran"),
    (("path", "Iran", "Ukraine", "--roll-up", "state"), "Iran"),
    (("stats",), "articles"),
    (("stats", "--roll-up", "state"), "busiest"),
    (("query", "who-arms", "actor=Ukraine", "--roll-up", "state"), "Germany"),
    (("queries",), "who-arms"),
    (("query", "who-arms", "actor=Ukraine"), "Germany"),
    (("cypher", "MATCH (a:Actor {actorId: 'state:iran'}) RETURN a.name AS name"), "Iran"),
]


@pytest.mark.parametrize("arguments, expected", ANSWERS, ids=[" ".join(a) for a, _ in ANSWERS])
def test_answers(sample_graph: Path, arguments: tuple[str, ...], expected: str) -> None:
    done = run(*arguments, graph=sample_graph)
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout


def test_explain_shows_sentence_status_frame_and_article(sample_graph: Path) -> None:
    claim = json.loads(run("claims", "--format", "jsonl", graph=sample_graph).stdout.splitlines()[0])
    shown = run("explain", claim["id"][:8], graph=sample_graph).stdout
    quote = claim["evidence"][0]
    for expected in (" ".join(quote["sentence"].split()), quote["status"], "frame ", "cues ", quote["article"]):
        assert expected in shown


@pytest.mark.parametrize("reader", ["frames", "encoder"])
def test_explain_names_the_frame_and_the_cues_of_a_sentence(reader: str, sample_graph: Path) -> None:
    with Folder(sample_graph).read() as db:
        every = [(claim, quote) for claim, quotes in lookup.quotes(db).items() for quote in quotes]
    fitting = [(claim, quote) for claim, quote in every if quote.reader == reader]
    claim, quote = max(fitting, key=lambda one: (len(one[1].cues), one[0]))
    shown = run("explain", claim, graph=sample_graph).stdout
    assert f"frame {quote.frame}, by “{quote.sentence[slice(*quote.trigger)]}”" in shown
    assert quote.cues and f"cues {', '.join(quote.cues)};" in shown and quote.frame.split()[0] in load_schema()


WRONG = [
    (("claimz",), 2, "Did you mean claims?"),
    (("show", "Hezbolah"), 2, "did you mean Hezbollah?"),
    (("query", "who-armz"), 2, "who-arms"),
    (("query", "who-arms"), 2, "actor"),
    (("cypher", "MATCH (n) DETACH DELETE n"), 2, ""),
    (("explain", "zzzz"), 2, "no claim"),
    (("export", "graph.xls"), 2, "no format"),
    (("path", "Iran", "Iran"), 2, "two different"),
]


@pytest.mark.parametrize("arguments, code, words", WRONG, ids=[" ".join(a) for a, _, _ in WRONG])
def test_wrong_use_is_named_in_a_line(sample_graph: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = run(*arguments, graph=sample_graph)
    assert done.returncode == code and words in done.stderr and "Traceback" not in done.stderr
    assert not done.stdout


def test_a_missing_graph_is_named(tmp_path: Path) -> None:
    done = run("claims", graph=tmp_path / "none.kg")
    assert done.returncode == 1 and "none.kg" in done.stderr and "Traceback" not in done.stderr


def test_build_from_stdin_and_remove(tmp_path: Path) -> None:
    graph = tmp_path / "g.kg"
    done = run(
        "build", "-", graph=graph, stdin="Iran supplied Hezbollah with rockets, officials said on Monday in Beirut."
    )
    assert done.returncode == 0 and not done.stdout and "1 read" in done.stderr
    article = json.loads(run("claims", "--format", "jsonl", graph=graph).stdout.splitlines()[0])["evidence"][0]["key"]
    assert "1 removed" in run("remove", article, graph=graph).stderr
    assert not run("claims", "--format", "jsonl", graph=graph).stdout


def test_a_failed_article_gives_exit_code_1_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Iran supplied Hezbollah with rockets, officials said on Monday.")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 50)
    done = run("build", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), graph=tmp_path / "g.kg")
    assert done.returncode == 1 and "1 read" in done.stderr and "b.txt: binary" in done.stderr


# First builds that read nothing. ---------------------------------------------------------------------------------------

NOTHING = {
    "no such file": ["nowhere.txt"],
    "an empty folder": ["empty"],
    "what is no article": ["binary.txt", "blank.txt"],
    "a model that is not there": ["news.txt", "--model", "no_such_model"],
}


@pytest.mark.parametrize("words", NOTHING.values(), ids=NOTHING)
def test_a_first_build_that_reads_nothing_leaves_no_graph(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "news.txt").write_text("Iran supplied Hezbollah with rockets, officials said on Monday.")
    (tmp_path / "own.csv").write_text("id,name\ngroup:oban,Oban Front\n")
    (tmp_path / "there.kg").mkdir()
    paths = [str(tmp_path / word) if (tmp_path / word).exists() else word for word in words]
    for graph in (tmp_path / "new.kg", tmp_path / "there.kg"):
        done = run("build", *paths, "--workers", "0", "--catalogue", str(tmp_path / "own.csv"), graph=graph)
        assert done.returncode and "graph is in" not in done.stderr and "Traceback" not in done.stderr
        assert "so there is no graph in" in done.stderr or "no_such_model" in done.stderr
        assert "there is no graph" in run("claims", graph=graph).stderr
    assert not (tmp_path / "new.kg").exists() and [*(tmp_path / "there.kg").iterdir()] == []


def test_what_was_there_stays_and_a_blank_graph_says_so(tmp_path: Path) -> None:
    with Folder(tmp_path / "blank.kg").write():  # as a kill leaves it
        pass
    (tmp_path / "blank.kg" / "notes.txt").write_text("mine")
    before = {path.name for path in (tmp_path / "blank.kg").iterdir()}
    done = run("build", "nowhere.txt", "--workers", "0", graph=tmp_path / "blank.kg")
    assert done.returncode == 1 and "no graph in" in done.stderr
    assert before <= {path.name for path in (tmp_path / "blank.kg").iterdir()}
    for command in (["claims"], ["stats"], ["cypher", "MATCH (n) RETURN n"], ["show", "Iran"], ["explore", "--no-open"], ["export", str(tmp_path / "g.csv")], ["rebuild"]):
        shown = run(*command, graph=tmp_path / "blank.kg")
        assert shown.returncode == 1 and "nothing was built into it yet" in shown.stderr and not shown.stdout


def test_who_waits_for_a_build_that_reads_nothing_builds_into_a_folder_made_anew(tmp_path: Path) -> None:
    graph, waits = tmp_path / "g.kg", list[str]()
    (tmp_path / "a.txt").write_text("Iran supplied Hezbollah with rockets, officials said on Monday.")

    def second() -> None:
        with Folder(graph).write(waiting=waits.append) as db:
            entered.append(get_meta(db, "graphId") or "")
            (tmp_path / "in").touch()
            time.sleep(0.3)

    entered = list[str]()
    with Folder(graph).write(blank_stays=False) as db:
        first = get_meta(db, "graphId")
        others = [threading.Thread(target=second) for _ in range(3)]
        for other in others:
            other.start()
        while len(waits) < 3:
            time.sleep(0.01)
    for other in others:
        other.join()
    assert len(entered) == 3 and {*entered} != {first} and len({*entered}) == 1
    assert json.loads((graph / "kgraph.json").read_text(encoding="utf-8"))["graphId"] == entered[0]


def test_what_was_read_or_set_aside_stays(tmp_path: Path) -> None:
    article = Article("a", "1", "", "Iran supplied Hezbollah with rockets.")
    with Folder(tmp_path / "aside.kg").write(blank_stays=False) as db:
        set_aside(db, article.key, SetAside("1", "reader", "not read within 60 s", 60.0))
    with Folder(tmp_path / "aside.kg").write() as db:
        assert find_set_aside(db, "a")
    with pytest.raises(KeyboardInterrupt), Folder(tmp_path / "broken.kg").write(blank_stays=False) as db:
        write_reading(db, Reading(article, (), (), (), 1), "reader")
        raise KeyboardInterrupt
    with Folder(tmp_path / "broken.kg").write() as db:
        assert has_pending(db)
    with pytest.raises(KeyboardInterrupt), Folder(tmp_path / "nothing.kg").write(blank_stays=False):
        raise KeyboardInterrupt
    assert not (tmp_path / "nothing.kg").exists()


@pytest.mark.parametrize("ending", ["jsonl", "csv", "graphml", "gexf"])
def test_export(sample_graph: Path, tmp_path: Path, ending: str) -> None:
    assert run("export", str(tmp_path / f"g.{ending}"), graph=sample_graph).returncode == 0
    assert (tmp_path / f"g.{ending}").stat().st_size > 1000
