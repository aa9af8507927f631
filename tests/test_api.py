"""The public face: what `import kgraph` gives, and that it does what it says, on the sample articles."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

import kgraph
from kgraph import Graph, StoreError, UsageError, lookup
from kgraph.folder import Folder
from kgraph.samples import samples

NAMES = """Actor Answer Article ArticleError Background Broker Central Change Changes Claim Community Decision DecisionError
    Difference Dossier Doubt Edge Evidence Explanation Filler Graph KgraphError Kind KnowledgeError Line LocalActor Mention
    Merged Outlet Parameter Part Past Problem PushSummary Question Quote Reading Remark Shown Speaker Stance Stats Status
    Step StoreError Summary UsageError __version__ question questions read""".split()
SLOW = ("spacy", "numpy", "sqlite3", "click", "rich", "networkx", "pandas", "yaml", "dataclasses", "kgraph.api")


@pytest.fixture
def graph(sample_graph: Path) -> Graph:
    return Graph(sample_graph)


# Names. ---------------------------------------------------------------------------------------------------------------


def test_these_are_the_public_names() -> None:
    assert kgraph.__all__ == NAMES == dir(kgraph)


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there_with_its_meaning(name: str) -> None:
    assert getattr(kgraph, name) is not None
    assert name == "__version__" or inspect.getdoc(getattr(kgraph, name))


def test_all_that_a_graph_does_says_what_it_does() -> None:
    public = [name for name in dir(Graph) if not name.startswith("_")]
    assert len(public) > 35
    for name in public:
        assert len((inspect.getdoc(getattr(Graph, name)) or "").split("\n")[0]) > 20, name


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match="kgraph has no 'Grpah'"):
        _ = kgraph.Grpah  # type: ignore[attr-defined]


def test_importing_it_is_instant_and_loads_nothing() -> None:
    code = f"""import sys, time
before, begun = set(sys.modules), time.perf_counter()
import kgraph
print(time.perf_counter() - begun, [name for name in {SLOW} if name in set(sys.modules) - before])"""
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    seconds, loaded = zip(*(run.stdout.split(" ", 1) for run in runs), strict=True)
    assert {*loaded} == {"[]\n"} and min(map(float, seconds)) < 0.05


def test_a_graph_is_made_without_anything_being_loaded() -> None:
    code = "import sys, kgraph; kgraph.Graph('x.kg'); print([n for n in ('spacy', 'numpy', 'sqlite3') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


TYPED = """
import kgraph
graph: kgraph.Graph = kgraph.Graph("x.kg")
for claim in graph.claims(about="Hezbollah", status=kgraph.Status.PLANNED):
    reveal_type([quote.sentence for quote in claim.quotes])
reveal_type(graph.show("Iran"))
reveal_type(kgraph.read("Iran armed Hezbollah.").claims)
graph.claims(abuot="Iran")
"""


def test_type_checkers_see_the_types(tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(TYPED)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", "--follow-imports=silent"]
    environment = {**os.environ, "MYPYPATH": str(Path(kgraph.__file__).parents[1])}
    done = subprocess.run([*command, "typed.py"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    seen = [line.split(": ", 2)[2] for line in done.stdout.splitlines() if line.startswith("typed.py:")]
    assert [words.split('"')[1].replace("builtins.", "") for words in seen[:3]] == [
        "list[str]", "kgraph.lookup.answers.Dossier", "tuple[kgraph.records.Evidence, ...]",
    ]  # fmt: skip
    assert 'Unexpected keyword argument "abuot"' in seen[3] and len([one for one in done.stdout.splitlines() if " error: " in one]) == 1


# Making and looking. --------------------------------------------------------------------------------------------------


def test_strings_and_paths_alike(tmp_path: Path) -> None:
    news = tmp_path / "news.txt"
    news.write_text("Iran supplied Hezbollah with rockets.")
    for number, (folder, source) in enumerate(((str(tmp_path / "a.kg"), str(news)), (tmp_path / "b.kg", news))):
        graph = Graph(folder)
        assert graph.build(source).read == 1 and graph.build(source).unchanged == 1
        (claim,) = graph.claims(type="supplies")
        assert claim.quotes[0].sentence.startswith("Iran supplied") and Graph(graph).claims() == [claim]
        assert graph.export(tmp_path / f"{number}.jsonl").read_text()
    assert Graph(tmp_path / "a.kg").diff(tmp_path / "a.kg", str(tmp_path / "b.kg")) == ()
    assert graph.remove("news.txt").removed == 1 and graph.claims() == [] and graph.check() == []


def test_claims_carry_their_sentences(graph: Graph, sample_graph: Path) -> None:
    found = graph.claims(about="Hezbollah", status="planned")
    assert found and all(quote.sentence for claim in found for quote in claim.quotes)
    with Folder(sample_graph).read() as db:
        assert {claim.id: [*claim.quotes] for claim in graph.claims(trust="all")} == lookup.quotes(db)
        lines = [claim.as_json() for claim in lookup.claims(db)]
    assert [claim.as_json() for claim in graph.claims(trust="all")] == lines


@pytest.mark.parametrize("at_once", [1, 7, 5000])
def test_sentences_of_many_claims_are_those_of_each(
    graph: Graph, sample_graph: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(lookup, "AT_ONCE", at_once)
    with Folder(sample_graph).read() as db:
        every = lookup.quotes(db)
        for ids in ([], [*every][:3], [*every][::2], [*every]):
            found = lookup.quotes_behind(db, ids)
            assert {id: found[id] for id in ids} == {id: every[id] for id in ids}


def test_sentences_are_looked_up_at_once_and_only_when_asked_for(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    behind = lookup.quotes_behind
    monkeypatch.setattr(lookup, "quotes_behind", lambda db, claims: asked.append(len(claims)) or behind(db, claims))  # type: ignore[func-returns-value]
    found = graph.claims(about="Iran")
    assert asked == []
    assert all(claim.quotes for claim in found) and asked == [len(found)]


def test_a_dossier_and_an_explanation(graph: Graph) -> None:
    dossier = graph.show("Hizbollah")
    assert dossier.actor == graph.actor("hezbollah") and dossier.claims == tuple(graph.claims(about="Party of God"))
    assert {tie.label for tie in graph.show("Vladimir Putin").ties} >= {"office of"}
    found = graph.explain(dossier.claims[0].id[:8])
    assert found.claim == dossier.claims[0] and found.quotes == graph.quotes(found.claim.id) and not found.remarks
    assert graph.quotes(found.claim.id[:8]) == found.quotes
    with pytest.raises(UsageError, match="no claim has an id"):
        graph.quotes("zz")


def test_an_actor_is_as_good_as_its_name(graph: Graph) -> None:
    iran, hezbollah = graph.actor("Iran"), graph.actor("Hezbollah")
    assert graph.claims(about=iran) == graph.claims(about="Iran") and graph.edges(about=iran) == graph.edges(about="Iran")
    assert graph.path(iran, hezbollah) == graph.path("Iran", "Hezbollah") and graph.show(iran) == graph.show("Iran")
    assert sorted(graph.near(iran)) == sorted(graph.near("Iran")) and graph.history(iran) == graph.history("Iran")
    assert graph.view(about=iran).page == graph.view(about="Iran").page
    assert graph.diff("2000-01-01", "2030-01-01", about=iran) == graph.diff("2000-01-01", "2030-01-01", about="Iran")


def test_what_cannot_be_watched_is_named_at_once(graph: Graph) -> None:
    for source, words in (("https://example.org", "a URL cannot be watched"), ("-", "standard input cannot be watched")):
        with pytest.raises(UsageError, match=words):
            graph.watch(source)


def test_ways_with_their_sentences(graph: Graph) -> None:
    ways = graph.path("Iran", "Ukraine", limit=2)
    assert len(ways) == 2
    for way in ways:
        assert way[0].start.name == "Iran" and way[-1].end.name == "Ukraine"
        assert all(line.quotes and {line.source, line.target} == {step.start, step.end} for step in way for line in step.lines)


def test_inside_with_the_database_is_opened_once(sample_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    read = Folder.read
    monkeypatch.setattr(Folder, "read", lambda self: opened.append(1) or read(self))  # type: ignore[func-returns-value]
    with Graph(sample_graph) as graph:
        claims = graph.claims()
        assert graph.actors() and claims[0].quotes and graph.stats() and len(opened) == 1
        with pytest.raises(UsageError, match="opened already"), graph:
            pass
    assert graph.claims() == claims and claims[0].quotes and len(opened) == 2


def test_a_script_without_a_guard_is_told_of_it(tmp_path: Path) -> None:
    (tmp_path / "feed.txt").write_text("Iran armed Hezbollah.")
    (tmp_path / "script.py").write_text("import kgraph\nkgraph.Graph('g.kg').build('feed.txt', workers=2)\n")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode and "put what builds below `if __name__ == '__main__':`" in done.stderr


def test_a_graph_that_is_held_open_belongs_to_one_thread(graph: Graph) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert {*threads.map(lambda _: len(graph.claims()), range(4))} == {len(graph.claims())}
        with graph, pytest.raises(UsageError, match="opened in another thread; make another Graph"):
            threads.submit(graph.claims).result()


def test_damage_is_named_inside_with_too(sample_graph: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_graph, tmp_path / "g.kg")
    with closing(sqlite3.connect(tmp_path / "g.kg" / "evidence.db")) as db, db:
        db.execute("UPDATE actor SET aliases = '{'")
    with Graph(tmp_path / "g.kg") as graph, pytest.raises(StoreError, match="damaged"):
        graph.actors()


def test_a_graph_stays_where_it_was_named(
    sample_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_graph, tmp_path / "g.kg")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    graph = Graph("g.kg")
    claims = graph.claims()
    assert str(graph.folder) == "g.kg"
    monkeypatch.chdir("elsewhere")
    assert claims[0].quotes and graph.claims() == claims and graph.folder == tmp_path / "g.kg"
    assert not Graph(tmp_path / "none.kg").folder.exists() and not [*Path().iterdir()]


def test_a_graph_as_of_a_day(sample_graph: Path) -> None:
    said: list[str] = []
    graph = Graph(sample_graph, say=said.append)
    then = graph.during(as_of="2024-05-01")
    assert repr(then) == f"Graph({str(sample_graph)!r}).during(as_of='2024-05-01')"
    found = then.claims(about="Iran")
    assert 0 < len(found) < len(graph.claims(about="Iran")) and all(claim.quotes for claim in found)
    with then:
        assert then.stats().articles < graph.stats().articles and then.claims(about="Iran") == found
    for change in (lambda: then.push("bolt://localhost:1"), lambda: then.build("x"), lambda: then.history("Iran")):
        with pytest.raises(UsageError, match="a period of a graph is there to be looked at"):
            change()
    with pytest.raises(UsageError, match="no date"):
        graph.during(until="yesterday")
    with pytest.raises(UsageError, match="a period of a graph"):
        then.during(since="2024-01-01")  # would forget the day
    assert graph.diff("2024-01-01", "2024-06-30") and not said


def test_days_are_texts_dates_or_times_everywhere(graph: Graph) -> None:
    text, day, time_of_it = "2024-05-06", date(2024, 5, 6), datetime(2024, 5, 6, 12, 30)
    assert repr(graph.during(as_of=text)) == repr(graph.during(as_of=day)) == repr(graph.during(as_of=time_of_it))
    assert graph.diff(text, "2024-06-30") == graph.diff(day, date(2024, 6, 30)) == graph.diff(time_of_it, "2024-06-30")
    counts = [graph.networkx(since=each).number_of_edges() for each in (text, day, time_of_it)]
    assert len({*counts}) == 1 and 0 < counts[0] < graph.networkx().number_of_edges()
    assert graph.communities(before=day, after="2024-06-30") == graph.communities(before=text, after=date(2024, 6, 30))
    for wrong in (
        lambda: graph.networkx(until="June"),
        lambda: graph.communities(before="May", after="June"),
        lambda: kgraph.read("Iran armed Hezbollah.", published="yesterday"),
    ):
        with pytest.raises(UsageError, match="no date; write it like"):
            wrong()
    with pytest.raises(UsageError, match="give both, or none"):
        graph.communities(before=day)


def test_articles_without_a_date_are_told_of_once(tmp_path: Path) -> None:
    said: list[str] = []
    lines = [{"text": "Iran armed Hezbollah.", "published": "2024-01-01"}, {"text": "Hamas attacked Israel."}]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    graph = Graph(tmp_path / "g.kg", say=said.append)
    graph.build(tmp_path / "feed.jsonl")
    then = graph.during(since="2023-01-01")
    assert [claim.quotes[0].sentence for claim in then.claims()] == ["Iran armed Hezbollah."] and then.actors()
    assert said == ["1 article without a date left out."]


# Asking, measuring, judging, taking elsewhere. -------------------------------------------------------------------------


def test_a_saved_question_and_cypher(graph: Graph) -> None:
    answer = graph.query("who-arms", actor="Ukraine")
    assert answer == graph.query("who-arms", {"actor": "Ukraine"}) and answer.rows[0]["supplier"] == "Germany"
    assert graph.query("who-arms", actor="Ukraine", rows=1).cut
    text = "MATCH (a:Actor {actorId: 'state:iran'}) RETURN a.name AS name"
    assert graph.cypher(text).rows == [{"name": "Iran"}]
    with pytest.raises(UsageError, match="no parameter roll_up"):
        graph.query("who-arms", {"actor": "Ukraine", "roll_up": "state"})
    assert "who-arms" in {each.name for each in kgraph.questions()} and kgraph.question("who-arms").parameters


def test_measures(graph: Graph) -> None:
    everything, supply = graph.networkx(), graph.networkx(types="supplies", realised=True)
    assert everything.number_of_edges() > supply.number_of_edges() > 0
    assert graph.central(types=["SUPPLIES"], realised=True)[0].reaches and graph.brokers()[0].pairs
    groups = graph.communities()
    assert groups[0].members and not any(group.joined or group.left for group in groups)
    assert graph.actor("Hezbollah").id in graph.near("Hezbollah")
    with pytest.raises(UsageError, match="no edges of type FEEDS"):
        graph.networkx(types="feeds")


def test_tables(graph: Graph) -> None:
    claims = graph.dataframe("claims", about="Iran")
    assert [*claims["id"]] == [claim.id for claim in graph.claims(about="Iran")] and "sentences" not in claims
    assert isinstance(claims["roles"][0], dict)
    assert len(graph.dataframe("quotes", about="Iran")) >= len(claims)
    assert len(graph.dataframe("actors", kind="Group")) == len(graph.actors(kind="group"))
    assert len(graph.dataframe("edges")) == len(graph.edges())
    with pytest.raises(UsageError, match="no table of articles"):
        graph.dataframe("articles")


def test_without_pandas_it_says_what_to_install(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"pip install 'kgraph\[pandas\]'"):
        graph.dataframe()


def test_judging(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Iran supplied Hezbollah with rockets.")
    graph = Graph(tmp_path / "g.kg")
    graph.build(tmp_path / "news.txt")
    (claim,) = graph.claims(type="SUPPLIES")
    graph.decide("comment", claim.id, "ask the embassy", who="ann")
    (remark,) = graph.explain(claim.id).remarks
    assert str(remark).startswith("ask the embassy (ann, 20") and graph.remarks(claim.id) == [remark]
    made = graph.decide("reject", claim.id, who="ann", why="a headline")
    assert graph.claims(type="SUPPLIES") == [] and str(made).startswith("reject ")
    assert [one.id for one in graph.decisions()][-1] == made.id and not graph.orphans()
    graph.undo(made.id[:8])
    assert graph.claims(type="SUPPLIES") == [claim] and graph.history(claim.id)
    part = next(part for part in graph.parts(claim.quotes[0].id) if part.field == "status")
    assert "planned" in part.choices and part.shown == claim.status
    other = Graph(tmp_path / "other.kg")
    other.build(tmp_path / "news.txt")
    assert len(other.merge(Folder(graph).decisions).added) == 3


def test_rebuild_keeps_what_it_is_let(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Iran supplied Hezbollah with rockets.")
    graph = Graph(tmp_path / "g.kg")
    graph.build(tmp_path / "news.txt")
    seen: list[kgraph.Changes] = []
    assert graph.rebuild(keep=lambda changes: bool(seen.append(changes))) is None and len(seen) == 1  # type: ignore[func-returns-value]
    assert seen[0].note("After") == "After\n\nNothing changed."
    summary = graph.rebuild(extract=True)
    assert summary and summary.read == 1


def test_owners_are_taken_over(tmp_path: Path) -> None:
    line = {"text": "Iran armed Hezbollah.", "published": "2024-01-01", "outlet": "Daily"}
    (tmp_path / "feed.jsonl").write_text(json.dumps(line))
    (tmp_path / "owners.csv").write_text("outlet,owner\nDaily,Holding\n")
    graph = Graph(tmp_path / "g.kg")
    graph.build(tmp_path / "feed.jsonl")
    assert [(one.outlet, one.owner) for one in graph.outlets(owners=tmp_path / "owners.csv")] == [("Daily", "Holding")]


def test_a_notebook_shows_small_graphs_and_counts_large_ones(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = graph.view(tmp_path / "page.html", about="Ukraine", height=300)
    assert shown.actors > 1 and shown.relations > 1 and (tmp_path / "page.html").read_text(encoding="utf-8") == shown.page
    assert "height: 300px" in shown._repr_html_() and "<iframe" in graph._repr_html_()
    monkeypatch.setattr("kgraph.api.outputs.MOST_DRAWN", 10)
    assert "<table>" in graph._repr_html_() and "<iframe" not in graph._repr_html_()
    assert "there is no graph" in Graph(tmp_path / "<none>.kg")._repr_html_() and "<none>" not in Graph(tmp_path / "<none>")._repr_html_()


WRONG = [
    (lambda graph: graph.claims(about="Hezbolah"), "did you mean Hezbollah"),
    (lambda graph: graph.claims(type="FEEDS"), "no relation type 'FEEDS'"),
    (lambda graph: graph.claims(status="sure"), "no status 'sure'"),
    (lambda graph: graph.actors(kind="Robot"), "no kind 'Robot'"),
    (lambda graph: graph.claims(roll_up="world"), "no level 'world'"),
    (lambda graph: graph.explain("zzzz"), "no claim"),
    (lambda graph: graph.diff("x", "y"), "neither a graph folder nor a date"),
    (lambda graph: graph.export("graph.xls"), "its ending names no format"),
    (lambda graph: graph.export("graph.csv", format="csv"), "no format 'csv'; known: .jsonl, .csv"),
    (lambda graph: graph.outlets(owners="none.csv"), "none.csv: there is no such file"),
    (lambda graph: graph.explain(""), "no claim has an id"),
    (lambda graph: graph.path("Iran", "Hezbollah", limit=0), "0 paths cannot be found"),
    (lambda graph: graph.build("x", workers=-1), "-1 processes cannot read"),
    (lambda graph: graph.push("http://x"), "not the address of a Neo4j"),
    (lambda graph: next(graph.watch("https://example.org")), "a URL cannot be watched"),
    (lambda graph: graph.build("x", seconds_per_article=1), "there is none"),
]


@pytest.mark.parametrize("use, words", WRONG, ids=[words for _, words in WRONG])
def test_wrong_use_is_named(graph: Graph, use: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        use(graph)  # type: ignore[operator]


def test_a_missing_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no graph"):
        Graph(tmp_path / "none.kg").claims()


def test_damage_is_named(sample_graph: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_graph, tmp_path / "g.kg")
    with sqlite3.connect(Folder(tmp_path / "g.kg").database) as db:
        db.execute("UPDATE claim SET type = 'NONSENSE'")
        db.execute("UPDATE actor SET aliases = 'no list'")
    db.close()
    with pytest.raises(StoreError, match="damaged: "):
        Graph(tmp_path / "g.kg").claims()


# One text. ------------------------------------------------------------------------------------------------------------


def test_a_text_is_read_without_a_graph(tmp_path: Path) -> None:
    reading = kgraph.read("Iran sent Hezbollah drones.")
    (claim,) = reading.claims
    assert claim.type == "SUPPLIES" and [each.surface for each in claim.fillers][:2] == ["Iran", "Hezbollah"]
    assert str(claim).startswith("SUPPLIES supplier Iran, recipient Hezbollah") and str(claim) in repr(reading)
    assert len(repr(reading)) < 300


def test_the_second_text_is_read_at_once() -> None:
    kgraph.read("Iran sent Hezbollah drones.")
    begun = time.perf_counter()
    kgraph.read("Russia attacked Ukraine.", published="2024-05-01", outlet="Daily", title="War")
    assert time.perf_counter() - begun < 0.5


def test_a_text_is_read_with_actors_of_ones_own(tmp_path: Path) -> None:
    text = "Oban Front attacked Israel."
    for name in ("group:oban", "group:front"):  # an edited file counts
        (tmp_path / "own.csv").write_text(f"id,name,kind\n{name},Oban Front,Group\n")
        actors = kgraph.read(text, catalogue=str(tmp_path / "own.csv")).actors
        assert name in {actor.entry for actor in actors}
    with pytest.raises(kgraph.KnowledgeError, match="cannot be read"):
        kgraph.read(text, catalogue=tmp_path / "none.csv")


def test_the_samples_give_what_a_text_gives(graph: Graph) -> None:
    text = (samples() / "red-sea-strikes.txt").read_text(encoding="utf-8")
    sentences = {quote.sentence for claim in graph.claims(trust="all") for quote in claim.quotes}
    found = {claim.sentence for claim in kgraph.read(text).claims}
    assert found and found <= sentences


def test_a_relative_folder_is_asked_wherever_the_program_has_gone(
    sample_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "MATCH (a:Actor {actorId: 'state:iran'}) RETURN a.name AS name"
    for name in ("one", "two"):  # the engine's process begins with the first
        shutil.copytree(sample_graph, tmp_path / name / "g.kg")
        monkeypatch.chdir(tmp_path / name)
        shutil.rmtree(Folder("g.kg").copies, ignore_errors=True)
        assert Graph("g.kg").cypher(text).rows == [{"name": "Iran"}]
