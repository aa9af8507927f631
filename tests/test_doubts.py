"""The queue: weak claims on busy actors first, names spelt alike as suggestions, and vetoes that keep others apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgraph.build import build
from kgraph.cli import main
from kgraph.decisions import load_decisions
from kgraph.folder import Folder
from kgraph.lookup import Actor
from kgraph.review import decide
from kgraph.review.queue import doubts, is_alike

ALIKE = [
    ("Abdelkader Mortaza", "Abdel Kader Mortaza", "Person", True),
    ("Abdel Fattah al-Burhani", "Abdel Fatah Burhani", "Person", True),
    ("Obani Liberation Front", "Obany Liberation Front", "Group", True),
    ("Kh-101 M", "Kh-102 M", "WeaponSystem", False),
    ("Su-24", "Su-27", "WeaponSystem", False),
    ("North Oban Army", "South Oban Army", "Group", False),
    ("Niger", "Nigeria", "State", False),
    ("Congo", "Congo", "State", False),
    ("Ministry of Defence of Oban", "Ministry of Defence of Tirgistan", "Organization", False),
    ("Oban Front", "Oban Army", "Group", False),
    ("Oban Front", "Oban Liberation Front", "Group", False),
    ("Ali Hassan Moradi", "Ali Hussein Karimi", "Person", False),
    ("Mali", "Bali", "Group", False),
]


@pytest.mark.parametrize("one, other, kind, expected", ALIKE)
def test_names(one: str, other: str, kind: str, expected: bool) -> None:
    first, second = (Actor(name, name, kind, (), None, 1) for name in (one, other))
    assert is_alike(first, second) is is_alike(second, first) is expected


def test_what_is_known_of_two_countries_is_not_one() -> None:
    assert not is_alike(
        Actor("a", "Obani Guard", "Group", (), "state:mali", 1), Actor("b", "Obany Guard", "Group", (), "state:chad", 1)
    )


TEXT = """Russia attacked Ukraine. Ukraine attacked Russia. Russia may attack Moldova.
The Obani Liberation Front attacked Mali. The Obany Liberation Front attacked Mali."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "news.txt").write_text(TEXT)
    build(folder / "g", [folder / "news.txt"])
    return folder / "g"


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "g")
    return tmp_path / "g"


def queue(folder: Path) -> list[tuple[str, str]]:
    with Folder(folder).read() as db:
        return [(doubt.what, doubt.text) for doubt in doubts(db, load_decisions(folder / "decisions.jsonl"))]


def test_what_is_weak_and_matters_comes_first_and_leaves_when_judged(graph: Path) -> None:
    found = queue(graph)
    assert "Moldova" in found[0][1]  # uncertain, and Russia is busy
    pair = ("actors", next(text for what, text in found if what == "actors"))
    assert "Obani Liberation Front" in pair[1] and "Obany Liberation Front" in pair[1]
    decide(graph, "unsure", "Obani Liberation Front", "Obany Liberation Front")
    assert pair not in queue(graph)


def test_walking_through_the_queue(graph: Path) -> None:
    answers = "".join({"claim": "r\na headline\n", "actors": "n\n"}[what] for what, _ in queue(graph)[:3])
    done = CliRunner().invoke(main, ["review", "-g", str(graph), "--who", "ada"], input=f"{answers}x\nq\n")
    assert done.exit_code == 0, done.output
    assert "3 decisions made" in done.stderr and "Moldova" in done.stdout
    made = load_decisions(graph / "decisions.jsonl")
    assert len(made) == 3 and {decision.who for decision in made} == {"ada"}
    assert not any("Moldova" in text for _, text in queue(graph))


EDITS = [
    # what is answered, what the claim and its evidence are then
    ("e\n1\nplanned\n", "status", "planned"),
    ("e\n6\n2024-03-01\n", "event_from", "2024-03-01"),
    ("e\n1\nnonsense\ne\n1\ndenied\n", "status", "denied"),
]


def walk(folder: Path, answers: str) -> tuple[str, str]:
    done = CliRunner().invoke(main, ["review", "-g", str(folder), "--who", "ada"], input=answers)
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def skipped_to(folder: Path, words: str) -> tuple[str, int]:
    """The answers that walk to the first claim with some words, and its place."""
    place = next(n for n, (what, text) in enumerate(queue(folder)) if what == "claim" and words in text)
    return "s\n" * place, place


@pytest.mark.parametrize("answers, column, expected", EDITS, ids=[answers.split()[-1] for answers, *_ in EDITS])
def test_the_walk_corrects_status_and_dates(graph: Path, answers: str, column: str, expected: str) -> None:
    skips, _ = skipped_to(graph, "Moldova")
    _, said = walk(graph, f"{skips}{answers}q\n")
    assert "1 decisions made" in said
    with Folder(graph).read() as db:
        assert db.execute(f"SELECT {column} FROM claim WHERE text = 'Russia attacks Moldova'").fetchall() == [(expected,)]


def test_the_walk_corrects_a_role_and_says_who_has_no_such_name(graph: Path) -> None:
    skips, _ = skipped_to(graph, "Moldova")
    shown, said = walk(graph, f"{skips}e\n9\nNobody At All\ne\n9\nMali\nq\n")
    assert "no actor goes by 'Nobody At All'" in said and "role:target" in shown
    with Folder(graph).read() as db:
        texts = [text for (text,) in db.execute("SELECT text FROM claim")]
    assert "Russia attacks Mali" in texts and "Russia attacks Moldova" not in texts


def test_going_back_takes_back_and_comments_are_shown(graph: Path) -> None:
    walk(graph, "c\nask the embassy\nq\n")
    shown, said = walk(graph, "s\nb\nq\n")
    assert "comment: ask the embassy (ada, " in shown and "0 decisions made" in said
    skips, place = skipped_to(graph, "Moldova")
    _, said = walk(graph, f"{skips}a\nb\nq\n")
    assert "0 decisions made" in said and "Moldova" in queue(graph)[place][1]
    assert len(load_decisions(graph / "decisions.jsonl")) == 1


def test_a_walk_that_breaks_off_keeps_what_was_decided(graph: Path) -> None:
    done = CliRunner().invoke(main, ["review", "-g", str(graph)], input="a\n")
    assert done.exit_code == 0 and "1 decisions made" in done.stderr


COMMANDS = [
    (["reject", "{claim}"], "SELECT count(*) FROM claim WHERE id = '{claim}'", 0),
    (["reject", "{claim}", "--not-believed"], "SELECT review_status FROM claim WHERE id = '{claim}'", "disbelieved"),
    (["accept", "{claim}"], "SELECT review_status FROM claim WHERE id = '{claim}'", "accepted"),
    (["edit", "{evidence}", "status=denied"], "SELECT status FROM claim WHERE id = '{claim}'", "denied"),
    (["kind", "Obany Liberation Front", "Person"], "SELECT count(*) FROM actor WHERE kind = 'Person'", 1),
    (["same", "Obani Liberation Front", "Obany Liberation Front"], "SELECT count(*) FROM actor WHERE name LIKE 'Oban%'", 1),
    (["not-same", "Russia", "Ukraine"], "SELECT count(*) FROM actor WHERE name LIKE 'Oban%'", 2),
    (["comment", "{claim}", "ask again"], "SELECT count(*) FROM orphan", 0),
    (
        ["add", "news.txt", "CONDEMNS", "agent=Russia", "target=Mali", "--sentence", "Russia may attack Moldova."],
        "SELECT count(*) FROM claim WHERE type = 'CONDEMNS'", 1,
    ),
    (
        ["new-actor", "group:olf", "OLF", "--kind", "Group", "--alias", "Obani Liberation Front", "--alias",
         "Obany Liberation Front", "--country", "Mali"],
        "SELECT articles FROM actor WHERE id = 'group:olf' AND country = 'state:mali'", 1,
    ),
]  # fmt: skip


@pytest.mark.parametrize("arguments, sql, expected", COMMANDS, ids=[" ".join(c[0]) for c in COMMANDS])
def test_commands(graph: Path, arguments: list[str], sql: str, expected: object) -> None:
    with Folder(graph).read() as db:
        claim, evidence = db.execute(
            """SELECT c.id, e.evidence FROM claim AS c JOIN claim_evidence AS e ON e.claim = c.id
               WHERE text = 'Russia attacks Ukraine'"""
        ).fetchone()
    places = {"claim": claim, "evidence": evidence}
    done = CliRunner().invoke(main, [*(word.format(**places) for word in arguments), "-g", str(graph)])
    assert done.exit_code == 0, done.output
    with Folder(graph).read() as db:
        assert db.execute(sql.format(**places)).fetchone() == (expected,)
    listed = CliRunner().invoke(main, ["decisions", "-g", str(graph)])
    assert arguments[0].split("-")[0] in listed.stdout or arguments[0] in ("reject", "new-actor")


def test_outlets_are_listed_and_graded(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": "1", "text": "Russia attacked Ukraine.", "outlet": "The Daily"}\n')
    build(tmp_path / "g", [feed])
    done = CliRunner().invoke(main, ["outlets", "-g", str(tmp_path / "g"), "--grade", "the daily=b", "--format", "csv"])
    assert done.stdout == "outlet,articles,letter,owner\nThe Daily,1,B,\n"
    wrong = CliRunner().invoke(main, ["outlets", "-g", str(tmp_path / "g"), "--grade", "The Daily=Z"])
    assert wrong.exit_code == 1 and "A to F, not 'Z'" in wrong.stderr
