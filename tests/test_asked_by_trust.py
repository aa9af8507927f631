"""What asks shows claims by trust: on the command line, in Python, in saved questions, over HTTP, on the page."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from browsing import Tab, chromium, show
from click.testing import CliRunner
from test_explore import Served

from kgraph import Graph, read
from kgraph.build import rebuild
from kgraph.cli import main
from kgraph.cli.printing import levels_in_words
from kgraph.errors import KnowledgeError, UsageError
from kgraph.folder import Folder
from kgraph.folder.digests import sign_readings
from kgraph.graph.cypher import parameters
from kgraph.graph.questions import load_question, questions
from kgraph.lookup.records import Quote
from kgraph.reading.readers import READERS
from kgraph.review.queue import NEAR, doubts
from kgraph.trust import LEVELS
from kgraph.view import picture
from kgraph.view.page import page

SURE, LIKELY, BELOW = LEVELS["sure"] + 0.04, (LEVELS["sure"] + LEVELS["likely"]) / 2, LEVELS["likely"] / 4
NEWS = "Russia supplied S-300 missiles to Syria. Syria is allied with Iran. Iran condemned Israel."
TEXTS = {
    "SUPPLIES": "Russia supplies Syria with S-300",
    "ALLIED_WITH": "Iran and Syria are allies",
    "CONDEMNS": "Iran condemns Israel",
}
SHOWN = {"sure": ["SUPPLIES"], "likely": ["ALLIED_WITH", "SUPPLIES"], "all": ["ALLIED_WITH", "CONDEMNS", "SUPPLIES"]}
by_level = pytest.mark.parametrize("level", list(LEVELS))


def score(folder: Path, scores: Mapping[str, float]) -> None:
    """Has its reader say of each type of claim how surely it is right, and computes what follows."""
    with closing(sqlite3.connect(folder / "evidence.db", isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        for type, number in scores.items():
            assert db.execute("UPDATE evidence SET score = ? WHERE type = ?", (round(number, 3), type)).rowcount == 1
        db.execute("UPDATE article SET digest = ''")
        sign_readings(db)
    rebuild(folder)


def write_feed(file: Path, text: str = NEWS) -> Path:
    line = {"id": "1", "published": "2024-05-01", "title": "News", "outlet": "The Daily", "text": text}
    file.write_text(json.dumps(line) + "\n")
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of three claims in a row: Russia – Syria, sure; Syria – Iran, likely; Iran – Israel, neither."""
    home = tmp_path_factory.mktemp("trust")
    Graph(home / "g").build(write_feed(home / "feed.jsonl"), readers="frames")
    score(home / "g", {"SUPPLIES": SURE, "ALLIED_WITH": LIKELY, "CONDEMNS": BELOW})
    return home / "g"


@pytest.fixture
def graph(folder: Path) -> Graph:
    return Graph(folder)


def run(*arguments: str, graph: Path, code: int = 0) -> str:
    done = CliRunner().invoke(main, [*arguments, "-g", str(graph)])
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.stderr


# Lookups. -------------------------------------------------------------------------------------------------------------


@by_level
def test_claims_and_edges_of_a_level(graph: Graph, level: str) -> None:
    assert sorted(claim.type for claim in graph.claims(trust=level)) == SHOWN[level]
    texts = {TEXTS[type] for type in SHOWN[level]}
    assert {claim.text for claim in graph.claims(trust=level)} == texts
    edges = {edge.type for edge in graph.edges(trust=level)}
    assert ("CONDEMNS" in edges, "ALLIED_WITH" in edges, "SUPPLIES" in edges) == (level == "all", level != "sure", True)
    lines = run("claims", "--trust", level, "--format", "jsonl", graph=graph.folder).splitlines()
    assert sorted(json.loads(line)["type"] for line in lines) == SHOWN[level]
    assert {type for type in TEXTS if type in run("show", "Iran", "--trust", level, graph=graph.folder)} == {
        "sure": set(), "likely": {"ALLIED_WITH"}, "all": {"ALLIED_WITH", "CONDEMNS"},
    }[level]  # fmt: skip
    assert sorted(graph.dataframe("claims", trust=level)["type"]) == SHOWN[level]


def test_what_is_likely_is_shown_if_nobody_says_otherwise(graph: Graph) -> None:
    assert sorted(claim.type for claim in graph.claims()) == SHOWN["likely"]
    assert [claim.type for claim in graph.show("Iran").claims] == ["ALLIED_WITH"]
    assert "condemns" not in run("claims", graph=graph.folder)
    (line,) = (line for line in run("show", "Iran", graph=graph.folder).splitlines() if TEXTS["ALLIED_WITH"] in line)
    assert line.endswith(f"(asserted, 1 article, 2024-05-01), trust {round(LIKELY, 3)}")
    assert graph.edges() == graph.edges(trust="likely")


def test_an_actor_is_listed_whatever_its_claims(graph: Graph) -> None:
    assert {actor.name for actor in graph.actors()} >= {"Russia", "Syria", "Iran", "Israel"}
    assert graph.show("Israel").claims == ()


def test_claims_say_their_trust_and_sentences_their_reader_and_score(graph: Graph) -> None:
    (claim,) = graph.claims(type="ALLIED_WITH")
    assert claim.trust == round(LIKELY, 3) == claim.as_json()["trust"]
    (quote,) = claim.quotes
    assert (quote.reader, quote.score) == (quote.as_json()["reader"], quote.as_json()["score"]) == ("frames", claim.trust)
    assert str(claim.trust) in run("claims", "--type", "ALLIED_WITH", graph=graph.folder)


def test_a_wrong_level_is_refused_in_one_line(graph: Graph) -> None:
    for asking in (graph.claims, graph.edges, graph.stats, graph.networkx, graph.view, graph.doubts):
        with pytest.raises(UsageError, match=r"^trust surely: there is no such level; choose among sure, likely, all$"):
            asking(trust="surely")  # type: ignore[operator]
    assert "'surely' is not one of 'sure', 'likely', 'all'" in run("claims", "--trust", "surely", graph=graph.folder, code=2)


def test_paths_lead_along_what_is_trusted(graph: Graph) -> None:
    (way,) = graph.path("Russia", "Israel", trust="all")
    assert [step.end.name for step in way] == ["Syria", "Iran", "Israel"]
    assert way[2].lines[0].trust == round(BELOW, 3)
    with pytest.raises(UsageError, match="no path of ties joins"):
        graph.path("Russia", "Israel")
    assert len(graph.path("Russia", "Iran")[0]) == 2
    with pytest.raises(UsageError, match="no path of ties joins"):
        graph.path("Russia", "Iran", trust="sure")
    assert "Iran ALLIED_WITH Syria" in run("path", "Russia", "Iran", graph=graph.folder)
    assert "no path" in run("path", "Russia", "Iran", "--trust", "sure", graph=graph.folder, code=2)


def test_a_line_of_a_path_names_only_claims_that_are_trusted_enough(tmp_path: Path) -> None:
    text = "Russia supplied S-300 missiles to Syria. Russia supplied S-400 missiles to Syria."
    graph = Graph(tmp_path / "g")
    graph.build(write_feed(tmp_path / "feed.jsonl", text), readers="frames")
    sentences = {"S-300": SURE, "S-400": BELOW}
    with closing(sqlite3.connect(tmp_path / "g" / "evidence.db", isolation_level=None)) as db:
        for word, number in sentences.items():
            assert db.execute("UPDATE evidence SET score = ? WHERE instr(sentence, ?)", (number, word)).rowcount
        db.execute("UPDATE article SET digest = ''")
        sign_readings(db)
    rebuild(tmp_path / "g")

    def said(level: str) -> list[str]:
        lines = [line for way in graph.path("Russia", "Syria", trust=level) for step in way for line in step.lines]
        return sorted({word for line in lines for quote in line.quotes for word in sentences if word in quote.sentence})

    assert (said("likely"), said("all")) == (["S-300"], ["S-300", "S-400"])


def test_measures_follow_the_trust(graph: Graph) -> None:
    assert {one.name for one in graph.central(trust="sure")} >= {"Russia", "Syria"}
    assert "Iran" not in {one.name for one in graph.central(trust="sure")}
    assert "Israel" in {one.name for one in graph.central(trust="all")} - {one.name for one in graph.central()}
    assert [one.name for one in graph.brokers(trust="all") if one.name == "Iran"] == ["Iran"]
    assert "Iran" not in [one.name for one in graph.brokers()]
    members = {actor.name for group in graph.communities(trust="sure") for actor in group.members}
    assert "Russia" in members and "Iran" not in members
    assert "state:israel" in graph.near("Iran", trust="all") and "state:israel" not in graph.near("Iran")
    assert {data["trust"] for *_, data in graph.networkx(trust="sure").edges(data=True)} == {round(SURE, 3)}
    rows = [json.loads(line) for line in run("near", "Iran", "--format", "jsonl", graph=graph.folder).splitlines()]
    assert [(row["type"], row["trust"]) for row in rows] == [("ALLIED_WITH", round(LIKELY, 3))]


STATS = {
    "sure": "1 claims (1 sure; 2 below, shown with --trust all): SUPPLIES 1",
    "likely": "2 claims (1 sure, 1 likely; 1 below, shown with --trust all): ALLIED_WITH 1, SUPPLIES 1",
    "all": "3 claims (1 sure, 1 likely, 1 below): ALLIED_WITH 1, CONDEMNS 1, SUPPLIES 1",
}


@by_level
def test_counts_say_how_many_claims_stand_at_each_level(graph: Graph, level: str) -> None:
    assert graph.levels() == graph.stats(trust=level).levels == {"sure": 1, "likely": 1, "all": 1}
    assert STATS[level] in run("stats", "--trust", level, graph=graph.folder).splitlines()


def test_a_build_says_what_there_is_to_look_at(tmp_path: Path) -> None:
    asked = ["build", str(write_feed(tmp_path / "f.jsonl")), "--reader", "frames", "--workers", "0", "-g", str(tmp_path / "g")]
    said = CliRunner().invoke(main, asked).stderr.splitlines()
    assert f"To look at: {levels_in_words(Graph(tmp_path / 'g').levels(), 'likely')}." in said


def test_levels_in_words() -> None:
    levels = {"sure": 41, "likely": 77, "all": 35}
    assert levels_in_words(levels, "likely") == "118 claims (41 sure, 77 likely; 35 below, shown with --trust all)"
    assert levels_in_words(levels, "all") == "153 claims (41 sure, 77 likely, 35 below)"
    assert levels_in_words({"sure": 2, "likely": 1, "all": 0}, "sure") == "2 claims (2 sure; 1 below, shown with --trust all)"
    assert levels_in_words({"sure": 2, "likely": 0, "all": 0}, "likely") == "2 claims (2 sure, 0 likely)"


# Explaining. ----------------------------------------------------------------------------------------------------------


def test_any_claim_is_explained_with_who_read_it_and_how_surely(graph: Graph) -> None:
    (claim,) = (claim for claim in graph.claims(trust="all") if claim.type == "CONDEMNS")
    said = run("explain", claim.id, graph=graph.folder)
    percent = round(round(BELOW, 3) * 100)
    assert f"    read by frames, right in {percent} of 100" in said.splitlines()
    assert f"  trust: {round(BELOW, 3)}" in said.splitlines()
    assert graph.explain(claim.id).quotes[0].read_by == f"read by frames, right in {percent} of 100"


READ_BY = [
    (("frames", 0.94, None), "read by frames, right in 94 of 100"),
    (("learned", 0.295, None), "read by learned, right in 30 of 100"),
    (("frames", 1.0, "accepted"), "read by frames, judged by a person"),
    (("frames", 1.0, "edited"), "read by frames, judged by a person"),
    (("person", 1.0, "manual"), "added by a person"),
]


@pytest.mark.parametrize(("said", "words"), READ_BY)
def test_who_read_it_in_a_few_words(said: tuple[str, float, str | None], words: str) -> None:
    reader, score, review = said
    quote = Quote(
        "e", "c", "a", "News", None, None, None, "So.", 0, 3, "asserted", "affirmed", "done", "certain", "author", (), "give",
        reader, score, (0, 2), (), (), review_status=review,
    )  # fmt: skip
    assert quote.read_by == words


def test_what_a_person_accepts_is_shown(tmp_path: Path, folder: Path) -> None:
    graph = copy(folder, tmp_path)
    (claim,) = (claim for claim in graph.claims(trust="all") if claim.type == "CONDEMNS")
    graph.decide("accept", claim.id)
    assert [claim.trust for claim in graph.claims(trust="sure", type="CONDEMNS")] == [1.0]
    assert "  trust: 1.0, accepted by a person" in run("explain", claim.id, graph=graph.folder).splitlines()
    graph.undo(graph.decisions()[-1].id)
    assert graph.claims(type="CONDEMNS") == []
    (quote,) = claim.quotes
    graph.decide("accept", quote.id)
    assert graph.explain(claim.id).quotes[0].read_by == "read by frames, judged by a person"


def copy(folder: Path, home: Path) -> Graph:
    import shutil

    shutil.copytree(folder, home / "copy.kg", ignore=shutil.ignore_patterns("graph"))
    return Graph(home / "copy.kg")


# The past. ------------------------------------------------------------------------------------------------------------


def test_what_becomes_sure_is_new_at_its_level(tmp_path: Path, folder: Path) -> None:
    later = copy(folder, tmp_path)
    (claim,) = (claim for claim in later.claims(trust="all") if claim.type == "CONDEMNS")
    later.decide("accept", claim.id)
    for level, found in {"sure": [("new", "CONDEMNS")], "likely": [("new", "CONDEMNS")], "all": []}.items():
        changes = later.diff(folder, later.folder, trust=level)
        assert [(one.what, one.claim.type) for one in changes] == found, level
    assert [one.as_json()["trust"] for one in later.diff(folder, later.folder)] == [1.0]
    backwards = later.diff(later.folder, folder)
    assert [(one.what, one.claim.type) for one in backwards] == [("gone", "CONDEMNS")]
    assert "Nothing changed." in run("diff", str(folder), str(later.folder), "--trust", "all", graph=folder)


def test_an_actors_history_is_that_of_trusted_claims_a_claims_own_is_whole(tmp_path: Path, folder: Path) -> None:
    def texts(name: str, level: str) -> set[str]:
        return {one.text for one in Graph(folder).history(name, trust=level)}

    assert texts("Syria", "sure") >= {TEXTS["SUPPLIES"]}
    (claim,) = (claim for claim in Graph(folder).claims(trust="all") if claim.type == "CONDEMNS")
    assert texts(claim.id, "sure") == {TEXTS["CONDEMNS"]}
    graph = Graph(tmp_path / "g")  # here one claim was never likely
    graph.build(write_feed(tmp_path / "feed.jsonl"), readers="frames")
    with closing(sqlite3.connect(tmp_path / "g" / "evidence.db", isolation_level=None)) as db:
        db.execute("UPDATE past_claim SET trust = iif(type = 'CONDEMNS', ?, ?)", (BELOW, LIKELY))
    assert {one.text for one in graph.history("Iran")} == {TEXTS["ALLIED_WITH"]}
    assert {one.text for one in graph.history("Iran", trust="all")} == {TEXTS["ALLIED_WITH"], TEXTS["CONDEMNS"]}
    assert "condemns" not in run("history", "Iran", graph=graph.folder)


def test_reading_again_counts_what_is_less_sure_and_names_it_when_asked(tmp_path: Path, folder: Path) -> None:
    graph, own = copy(folder, tmp_path), {claim.type: claim.score for claim in read(NEWS, readers="frames").claims}
    assert own.keys() == TEXTS.keys() and min(own.values()) >= LEVELS["likely"]
    score(graph.folder, {"SUPPLIES": BELOW, "ALLIED_WITH": BELOW})
    said = run("rebuild", "--extract", "--workers", "0", "--dry-run", graph=graph.folder)
    assert said.startswith("0 gained, 3 changed, 0 lost\n\nChanged\n")
    assert all(f"- {TEXTS[type]}: surer: {round(BELOW, 3)} became {score}" in said for type, score in own.items())
    assert graph.levels() == {"sure": 0, "likely": 0, "all": 3}
    with closing(sqlite3.connect(graph.folder / "evidence.db", isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM evidence WHERE type = 'SUPPLIES'")
        db.execute("UPDATE article SET digest = ''")
        sign_readings(db)
    said = run("rebuild", "--dry-run", graph=graph.folder)
    assert said.startswith("0 gained, 0 changed, 0 lost; 1 more are less sure, named with --trust all\n")
    said = run("rebuild", "--dry-run", "--trust", "all", graph=graph.folder)
    assert said.startswith("0 gained, 0 changed, 1 lost\n\nGone\n- Russia supplies Syria")


# Questions in Cypher. -------------------------------------------------------------------------------------------------


@by_level
def test_a_saved_question_shows_a_level(graph: Graph, level: str) -> None:
    wanted = {"sure": [], "likely": [TEXTS["ALLIED_WITH"]], "all": [TEXTS["ALLIED_WITH"], TEXTS["CONDEMNS"]]}[level]
    assert [row["what"] for row in graph.query("dossier", actor="Iran", trust=level).rows] == wanted
    rows = run("query", "dossier", "actor=Iran", "--trust", level, "--format", "jsonl", graph=graph.folder).splitlines()
    assert [json.loads(row)["what"] for row in rows] == wanted
    steps = {row["actor"]: row["steps"] for row in graph.query("shortest-ties", actor="Russia", trust=level).rows}
    assert {name: steps.get(name) for name in ("Syria", "Iran", "Israel")} == {
        "Syria": 1, "Iran": None if level == "sure" else 2, "Israel": 3 if level == "all" else None,
    }  # fmt: skip


def test_a_text_of_ones_own_sees_everything_and_may_use_the_level(graph: Graph) -> None:
    every = "MATCH (c:Claim) RETURN c.type AS type, c.trust AS trust ORDER BY type"
    assert [(row["type"], row["trust"]) for row in graph.cypher(every).rows] == [
        ("ALLIED_WITH", round(LIKELY, 3)), ("CONDEMNS", round(BELOW, 3)), ("SUPPLIES", round(SURE, 3)),
    ]  # fmt: skip
    some = "MATCH (a:Actor)-[r]->(b:Actor) WHERE r.trust >= $trust RETURN DISTINCT type(r) AS type ORDER BY type"
    assert "CONDEMNS" not in [row["type"] for row in graph.cypher(some).rows]
    assert "CONDEMNS" in [row["type"] for row in graph.cypher(some, trust="all").rows]
    assert "ALLIED_WITH" not in run("cypher", some, "--trust", "sure", graph=graph.folder)
    assert "ALLIED_WITH" in run("cypher", some, graph=graph.folder)


def test_every_saved_question_asks_for_the_level_of_all_that_it_matches() -> None:
    """Of each claim and each relation between actors that a pattern names, its trust is asked."""
    for question in questions().values():
        assert "trust" in parameters(question.text), question.name
        text = re.sub(r"//[^\n]*", "", question.text)
        text = re.sub(r"EXISTS \{[^}]*\}", "", text)
        claims = {name for name in re.findall(r"\((\w+):Claim\b", text)}
        ties = set(re.findall(r"\[(\w+):(?!ABOUT|FOUND_IN|SAID_BY)[A-Z_|]+\]", text))
        for name in claims | ties:
            assert f"{name}.trust >= $trust" in text, (question.name, name)
        if "*1.." in text or "*2.." in text:
            assert re.search(r"all\(r IN relationships\(p\) WHERE [^)]*r\.trust >= \$trust", text), question.name


def test_no_question_declares_the_level_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.cypher").write_text(
        "// Who?\n// $trust: number - how sure\nMATCH (c:Claim) WHERE c.trust >= $trust RETURN c.text AS text ORDER BY text"
    )
    with pytest.raises(KnowledgeError, match=r"\$trust is given by --trust: do not declare it"):
        load_question(tmp_path / "mine.cypher")


# Reviewing. -----------------------------------------------------------------------------------------------------------


def queue(graph: Graph, level: str = "likely") -> list[tuple[str, tuple[str, ...], int]]:
    return [(one.text, one.why, one.weight) for one in graph.doubts(trust=level) if one.what == "claim"]


def test_what_is_near_the_threshold_is_asked_about_first_and_what_is_far_below_it_not_at_all(
    tmp_path: Path, folder: Path
) -> None:
    graph, needed, near = copy(folder, tmp_path), LEVELS["likely"], "hardly or nearly sure enough"
    origin = ("single origin",)
    # Iran is in two claims, Syria in two, Russia, S-300 and Israel in one each; a single origin weighs 2, nearness 3
    assert queue(graph) == [(TEXTS["ALLIED_WITH"], origin, 8), (TEXTS["SUPPLIES"], origin, 8)]
    assert queue(graph, "all")[2:] == [(TEXTS["CONDEMNS"], origin, 6)] and len(queue(graph, "all")) == 3
    score(graph.folder, {"CONDEMNS": needed - NEAR / 2})
    assert queue(graph)[0] == (TEXTS["CONDEMNS"], (*origin, near), 15)
    score(graph.folder, {"CONDEMNS": needed + NEAR / 2})
    assert queue(graph)[0] == (TEXTS["CONDEMNS"], (*origin, near), 15)
    assert [text for text, *_ in queue(graph, "sure")][:1] == [TEXTS["SUPPLIES"]]
    said = run("review", "--list", "--format", "jsonl", graph=graph.folder).splitlines()
    assert json.loads(said[0])["text"] == TEXTS["CONDEMNS"]


def test_of_what_is_not_even_likely_to_be_said_the_credibility_cannot_be_judged(graph: Graph) -> None:
    assert {claim.type: claim.credibility for claim in graph.claims(trust="all")} == {
        "SUPPLIES": "3*", "ALLIED_WITH": "3*", "CONDEMNS": "6*",
    }  # fmt: skip


def test_of_the_same_weight_what_is_less_sure_comes_first(tmp_path: Path, folder: Path) -> None:
    graph = copy(folder, tmp_path)
    assert [text for text, *_ in queue(graph)] == [TEXTS["ALLIED_WITH"], TEXTS["SUPPLIES"]]  # 8 each
    score(graph.folder, {"ALLIED_WITH": SURE, "SUPPLIES": LIKELY})
    assert [text for text, *_ in queue(graph)] == [TEXTS["SUPPLIES"], TEXTS["ALLIED_WITH"]]
    with Folder(graph.folder).read() as db:
        assert doubts(db, ()) == doubts(db, (), LEVELS["likely"])


# Elsewhere. -----------------------------------------------------------------------------------------------------------


def test_exports_hold_all_claims_with_their_trust(graph: Graph, tmp_path: Path) -> None:
    wanted = {"ALLIED_WITH": round(LIKELY, 3), "CONDEMNS": round(BELOW, 3), "SUPPLIES": round(SURE, 3)}
    rows = [json.loads(line) for line in graph.export(tmp_path / "g.jsonl").read_text().splitlines()]
    assert {row["type"]: row["trust"] for row in rows if row["table"] == "claim"} == wanted
    for ending in ("csv", "graphml", "gexf", "jsonld"):
        text = graph.export(tmp_path / f"g.{ending}").read_text()
        assert all(str(number) in text for number in wanted.values()), ending


# The page and the explorer. -------------------------------------------------------------------------------------------


def drawn(folder: Path, **options: Any) -> dict[str, Any]:
    with Folder(folder).read() as db:
        return picture(db, title="trust", **options)


def test_the_page_holds_all_and_says_at_which_level_each_line_and_sentence_is_shown(folder: Path) -> None:
    found = drawn(folder, trust="sure")
    assert found["trust"] == "sure"
    levels = {edge["type"]: (edge["shownAt"], edge["trust"]) for edge in found["edges"]}
    assert levels["SUPPLIES"] == ("sure", round(SURE, 3)) and levels["ALLIED_WITH"] == ("likely", round(LIKELY, 3))
    assert levels["CONDEMNS"] == ("all", round(BELOW, 3))
    said = {quote["readBy"]: quote["shownAt"] for quote in found["evidence"].values()}
    assert said[f"read by frames, right in {round(round(BELOW, 3) * 100)} of 100"] == "all"
    assert {quote["reader"] for quote in found["evidence"].values()} == {"frames"}


def test_who_is_near_an_actor_only_by_what_is_less_sure_is_shown_where_that_is(folder: Path) -> None:
    found = drawn(folder, about="state:israel", hops=2)  # over Iran, which only an unsure line joins to Israel
    assert {edge["type"]: edge["shownAt"] for edge in found["edges"]} == {"CONDEMNS": "all", "ALLIED_WITH": "all"}
    found = drawn(folder, about="state:iran", hops=1)
    assert {edge["type"]: edge["shownAt"] for edge in found["edges"]} == {"CONDEMNS": "all", "ALLIED_WITH": "likely"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    found = Served(folder)
    yield found
    found.stop()


def types(answer: Any) -> set[str]:
    return {edge["type"] for edge in answer["edges"]}


def test_answers_over_http_follow_the_trust(served: Served) -> None:
    ids = ["state:russia", "state:syria", "state:iran", "state:israel"]
    for name, asked in {"among": {"ids": ids}, "start": {}, "since": {"day": "2024-01-01"}}.items():
        found = {level: types(served.ask(f"/api/{name}", {**asked, "trust": level})[1]) for level in LEVELS}
        assert "ALLIED_WITH" not in found["sure"] and "SUPPLIES" in found["sure"], name
        assert "CONDEMNS" not in found["likely"] and "ALLIED_WITH" in found["likely"], name
        assert "CONDEMNS" in found["all"] and types(served.ask(f"/api/{name}", asked)[1]) == found["likely"], name
    assert served.ask("/api/start")[1]["total"]["edges"]["all"] > served.ask("/api/start")[1]["total"]["edges"]["likely"]
    assert types(served.ask("/api/dossier", {"id": "state:iran"})[1]) == {"ALLIED_WITH"}
    assert "CONDEMNS" in types(served.ask("/api/dossier", {"id": "state:iran", "trust": "all"})[1])
    assert "state:israel" not in str(served.ask("/api/expand", {"id": "state:iran", "drawn": []})[1]["actors"])
    assert "state:israel" in str(served.ask("/api/expand", {"id": "state:iran", "drawn": [], "trust": "all"})[1]["actors"])
    ends = {"a": "state:russia", "b": "state:israel"}
    assert served.ask("/api/paths", ends)[0] == 400 and served.ask("/api/paths", {**ends, "trust": "all"})[0] == 200
    asked = {"name": "dossier", "values": {"actor": "Iran"}}
    assert len(served.ask("/api/ask", asked)[1]["rows"]) == 1
    assert len(served.ask("/api/ask", {**asked, "trust": "all"})[1]["rows"]) == 2


def test_the_sentences_behind_a_line_are_those_of_trusted_claims_with_reader_and_score(served: Served) -> None:
    found = served.ask("/api/among", {"ids": ["state:iran", "state:israel"], "trust": "all"})[1]
    (line,) = (edge["id"] for edge in found["edges"] if edge["type"] == "CONDEMNS")
    assert served.ask("/api/evidence", {"id": line})[1] == []
    (row,) = served.ask("/api/evidence", {"id": line, "trust": "all"})[1]
    assert (row["reader"], row["score"], row["shownAt"]) == ("frames", round(BELOW, 3), "all")


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        ("surely", "trust surely: there is no such level; choose among sure, likely, all"),
        ("", "trust : there is no such level; choose among sure, likely, all"),
        (0.5, "trust is a text, not a number"),
        (None, "trust is a text, not null"),
    ],
)
def test_a_wrong_level_is_refused_over_http(served: Served, trust: object, words: str) -> None:
    for name, asked in {"start": {}, "among": {"ids": []}, "dossier": {"id": "state:iran"}}.items():
        assert served.ask(f"/api/{name}", {**asked, "trust": trust}) == (400, {"error": words})
    assert served.ask("/api/search", {"q": "Iran", "trust": "all"})[0] == 200  # who is found depends on no trust


SEEN = "[...document.querySelectorAll('#rows tr td:nth-child(2)')].map((cell) => cell.textContent).sort().join()"


def relations(tab: Tab) -> set[str]:
    return set(filter(None, str(tab.page.evaluate(SEEN)).split(",")))


def choose(tab: Tab, level: str) -> None:
    tab.page.locator("#trust").select_option(level)


def test_a_control_on_the_page_switches_the_level(browser: Any, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(drawn(folder)), encoding="utf-8")
    tab = show(browser, (tmp_path / "page.html").as_uri())
    control = tab.page.get_by_label("trust")
    assert control.input_value() == "likely" and control.locator("option").all_inner_texts() == ["sure", "likely", "all"]
    likely = relations(tab)
    assert "allied with" in likely and "condemns" not in likely
    choose(tab, "all")
    assert relations(tab) == likely | {"condemns"}
    choose(tab, "sure")
    assert "supplies" in relations(tab) and "allied with" not in relations(tab)
    tab.page.get_by_role("button", name="Undo").click()
    assert control.input_value() == "all" and relations(tab) == likely | {"condemns"}
    tab.page.get_by_role("button", name="Link").click()
    again = show(browser, tab.page.url)
    assert again.page.get_by_label("trust").input_value() == "all" and relations(again) == likely | {"condemns"}
    again.page.get_by_role("button", name="Reset").click()
    assert again.page.get_by_label("trust").input_value() == "likely" and relations(again) == likely
    again.page.get_by_label("trust").focus()  # by the keyboard, as its neighbours
    again.page.keyboard.press("ArrowUp")
    assert again.page.get_by_label("trust").input_value() == "sure" and "allied with" not in relations(again)
    assert not tab.wrong and not again.wrong


def test_a_page_opens_at_the_level_that_it_was_written_for(browser: Any, folder: Path, tmp_path: Path) -> None:
    run("view", "-o", str(tmp_path / "all.html"), "--trust", "all", graph=folder)
    tab = show(browser, (tmp_path / "all.html").as_uri())
    assert tab.page.get_by_label("trust").input_value() == "all" and "condemns" in relations(tab)
    tab.page.locator("#rows tr", has_text="condemns").get_by_role("button", name="condemns").click()
    percent = round(round(BELOW, 3) * 100)
    assert f"read by frames, right in {percent} of 100" in tab.panel() and f"trust {round(BELOW, 3)}" in tab.panel()
    assert not tab.wrong


def test_a_control_in_the_explorer_switches_the_level(browser: Any, served: Served) -> None:
    tab = show(browser, served.url)
    tab.until("document.body.dataset.ready === 'yes'")
    likely = relations(tab)
    assert "allied with" in likely and "condemns" not in likely
    choose(tab, "all")
    tab.page.fill("#find", "Israel")
    tab.page.press("#find", "Enter")  # which draws Israel, too
    tab.until("[...document.querySelectorAll('#rows tr')].some((row) => row.textContent.includes('condemns'))")
    tab.until("document.querySelector('#panel').textContent.includes('Iran → Israel')")
    choose(tab, "likely")
    tab.until("![...document.querySelectorAll('#rows tr')].some((row) => row.textContent.includes('condemns'))")
    tab.until("!document.querySelector('#panel').textContent.includes('Iran → Israel')")
    choose(tab, "all")
    tab.until("[...document.querySelectorAll('#rows tr')].some((row) => row.textContent.includes('condemns'))")
    tab.page.get_by_role("button", name="Link").click()
    again = show(browser, tab.page.url)
    again.until("[...document.querySelectorAll('#rows tr')].some((row) => row.textContent.includes('condemns'))")
    assert again.page.get_by_label("trust").input_value() == "all"
    assert not tab.wrong and not again.wrong


# Readers. -------------------------------------------------------------------------------------------------------------


OTHER = next(name for name in READERS if name != "frames")
BOTH = "+".join(sorted(("frames", OTHER)))


def fingerprints(folder: Path) -> set[str]:
    with Folder(folder).read() as db:
        return {found.split()[1] for (found,) in db.execute("SELECT fingerprint FROM article")}


def test_who_reads_is_chosen_remembered_and_told_when_mixed(tmp_path: Path) -> None:
    one, two = write_feed(tmp_path / "one.jsonl"), tmp_path / "two.txt"
    two.write_text("Egypt condemned Sudan.")
    graph = tmp_path / "g"

    def built(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["build", *arguments, "--workers", "0", "-g", str(graph)])
        assert done.exit_code == 0, done.output
        return done.stderr

    built(str(one), "--reader", "frames")
    assert fingerprints(graph) == {"frames"}
    assert "were read by another" not in built(str(two))
    assert fingerprints(graph) == {"frames"}  # as the first time
    told = built(str(two), "--reader", "frames", "--reader", OTHER)
    assert fingerprints(graph) == {"frames", BOTH}
    assert "1 articles were read by another version, catalogue or reader: `kgraph build --reread` reads them again." in told
    built(str(two), "--reread")
    assert fingerprints(graph) == {BOTH}


def test_who_reads_is_chosen_in_workers_too(tmp_path: Path) -> None:
    graph = Graph(tmp_path / "g")
    graph.build(write_feed(tmp_path / "one.jsonl"), readers="frames", workers=1)
    assert fingerprints(tmp_path / "g") == {"frames"}
    graph.rebuild(extract=True, readers=["frames", OTHER])
    assert fingerprints(tmp_path / "g") == {BOTH}
    assert graph.rebuild(extract=True, readers="frames", keep=lambda changes: False) is None
    graph.rebuild(extract=True)  # what was not kept is not remembered
    assert fingerprints(tmp_path / "g") == {BOTH}


def test_a_reader_that_there_is_not_is_named(tmp_path: Path, folder: Path) -> None:
    words = "reader oracle: there is none of that name; choose among "
    with pytest.raises(UsageError, match=words):
        Graph(tmp_path / "g").build(write_feed(tmp_path / "one.jsonl"), readers="oracle")
    assert not (tmp_path / "g").exists()
    with pytest.raises(UsageError, match=words):
        Graph(folder).rebuild(extract=True, readers="oracle")
    with pytest.raises(UsageError, match=words):
        read(NEWS, readers="oracle")
    assert "'oracle' is not one of 'frames'" in run("build", "x.txt", "--reader", "oracle", graph=tmp_path / "g", code=2)
    assert "--reader goes with --extract" in run("rebuild", "--reader", "frames", graph=folder, code=2)
    with pytest.raises(UsageError, match="readers read"):
        Graph(folder).rebuild(readers="frames")


def test_a_text_is_read_by_who_is_asked() -> None:
    assert {claim.reader for claim in read(NEWS, readers="frames").claims} == {"frames"}
    assert [claim.type for claim in read(NEWS, readers=["frames"]).claims] == ["SUPPLIES", "ALLIED_WITH", "CONDEMNS"]
