"""The command line as a person uses it, on the sample articles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kgraph import tables
from kgraph.cli import main
from kgraph.evidence import open_for_reading
from kgraph.schema import load_schema


def run(*arguments: str, graph: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KGRAPH_GRAPH": str(graph or "nowhere.kg")}
    command = [sys.executable, "-m", "kgraph.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, env=environment, encoding="utf-8")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0 and "Example:" in done.stdout and f"kgraph {command}" in done.stdout


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


@pytest.mark.parametrize("learned", [False, True])
def test_explain_names_the_frame_and_the_cues_of_a_sentence(learned: bool, sample_graph: Path) -> None:
    with open_for_reading(sample_graph) as db:
        every = [(claim, quote) for claim, quotes in tables.quotes(db).items() for quote in quotes]
    fitting = [(claim, quote) for claim, quote in every if quote.frame.endswith(" learned") == learned]
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


@pytest.mark.parametrize("ending", ["jsonl", "csv", "graphml", "gexf"])
def test_export(sample_graph: Path, tmp_path: Path, ending: str) -> None:
    assert run("export", str(tmp_path / f"g.{ending}"), graph=sample_graph).returncode == 0
    assert (tmp_path / f"g.{ending}").stat().st_size > 1000
