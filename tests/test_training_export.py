"""What a desk decided goes out as training data: which claims, by which words, and what nobody has read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.build import bring_up_to_date, refresh
from kgraph.build.summary import Summary
from kgraph.errors import UsageError
from kgraph.export import export
from kgraph.export.training import cut
from kgraph.folder import Folder
from kgraph.folder.readings import write_reading
from kgraph.reading.language_model import DEFAULT_MODEL
from kgraph.records import (
    Article,
    Evidence,
    Filler,
    Kind,
    LocalActor,
    Mention,
    Reading,
    Speaker,
    Stance,
    Status,
    digest,
)
from kgraph.review import decide
from kgraph.schema import load_schema

TEXT = """Iran arms Hezbollah, Hezbollah's rivals say

Iran sent Hezbollah rockets, and it
thanked Iran. “The group attacked Israel,” Reuters quoted officials
as saying. Gen. Ali spoke. Mali met Chad and Niger. Nobody won.

Syria praised it. Russia arms Syria with S-300s and Su-35s."""

ACTORS = {
    "Iran": Kind.STATE, "Hezbollah": Kind.GROUP, "Israel": Kind.STATE, "Syria": Kind.STATE, "Russia": Kind.STATE,
    "Mali": Kind.STATE, "Chad": Kind.STATE, "Niger": Kind.STATE, "S-300": Kind.WEAPON, "Su-35": Kind.WEAPON,
}  # fmt: skip

SENTENCES = [
    "Iran arms Hezbollah, Hezbollah's rivals say",
    "¶ Iran sent Hezbollah rockets, and it thanked Iran.",
    "“The group attacked Israel,” Reuters quoted officials as saying.",
    "Gen. Ali spoke.",
    "Mali met Chad and Niger.",
    "Nobody won.",
    "¶ Syria praised it.",
    "Russia arms Syria with S-300s and Su-35s.",
]


def nth(words: str, n: int = 1) -> tuple[int, int]:
    """Where some words stand in the text for the nth time."""
    start = [match.start() for match in re.finditer(re.escape(words), TEXT)][n - 1]
    return start, start + len(words)


def said(
    type_: str,
    sentence: str,
    trigger: tuple[int, int],
    *fillers: tuple[str, tuple[int, int]],
    roles: str = "",
    stance: Stance | None = None,
) -> Evidence:
    """An evidence as a reader would have made it."""
    start, end = nth(sentence)
    names = roles.split() or load_schema()[type_].roles
    filled = tuple(
        Filler(role, f"{who} ({ACTORS[who]})", TEXT[at[0] : at[1]], *at)
        for role, (who, at) in zip(names, fillers, strict=False)
    )
    id = digest(type_, *(filler.local + filler.surface + str(filler.start) for filler in filled))
    return Evidence(
        id, digest(str(trigger)), "news", type_, filled, sentence, start, end, TEXT[trigger[0] : trigger[1]], *trigger, "frame", "frames",
        0.7, Status.REPORTED if stance else Status.ASSERTED, stance or Stance(),
    )  # fmt: skip


FIRST = "Iran arms Hezbollah, Hezbollah's rivals say"
SENT = TEXT[slice(nth("Iran sent")[0], nth("thanked Iran.")[1])]
QUOTE = TEXT[slice(nth("“The group")[0], nth("as saying.")[1])]
LAST = "Russia arms Syria with S-300s and Su-35s."
EVIDENCE = {
    "title": said("SUPPLIES", FIRST, nth("arms"), ("Iran", nth("Iran")), ("Hezbollah", nth("Hezbollah"))),
    "rivals": said("FIGHTS", FIRST, nth("rivals"), ("Hezbollah", nth("Hezbollah", 2)), ("Iran", nth("Iran"))),
    "sent": said("SUPPLIES", SENT, nth("sent"), ("Iran", nth("Iran", 2)), ("Hezbollah", nth("Hezbollah", 3))),
    "thanked": said("SUPPORTS", SENT, nth("thanked"), ("Hezbollah", (nth("it\n")[0], nth("it\n")[1] - 1)), ("Iran", nth("Iran", 3))),
    "attacked": said(
        "ATTACKS", QUOTE, nth("attacked"), ("Hezbollah", nth("The group")), ("Israel", nth("Israel")),
        stance=Stance(voice="attributed", speakers=(Speaker("officials"), Speaker("Reuters"))),
    ),
    "met": said("MEETS_WITH", "Mali met Chad and Niger.", nth("met"), ("Mali", nth("Mali")), ("Chad", nth("Chad"))),
    "praised": said("SUPPORTS", "Syria praised it.", nth("praised"), ("Syria", nth("Syria")), ("Hezbollah", nth("Hezbollah", 3))),
    "arms": said(
        "SUPPLIES", LAST, nth("arms", 2), ("Russia", nth("Russia")), ("Syria", nth("Syria", 2)), ("S-300", nth("S-300s")), ("Su-35", nth("Su-35s")),
        roles="supplier recipient item item",
    ),
}  # fmt: skip

OTHER = Reading(  # nobody decides on it, but it makes known who is not in the news
    Article("other", digest("other"), "", "Hamas, North Korea, Denmark", None, None),
    tuple(LocalActor(name, name, kind) for name, kind in (("Hamas", Kind.GROUP), ("North Korea", Kind.STATE), ("Denmark", Kind.STATE))),
    (), (),
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder of one article, read by hand."""
    folder = tmp_path_factory.mktemp("built") / "g"
    spans = {f"{name} ({ACTORS[name]})": [m.span() for m in re.finditer(re.escape(name), TEXT)] for name in ACTORS}
    locals_ = tuple(
        LocalActor(f"{name} ({kind})", name, kind, forms=(name,)) for name, kind in ACTORS.items() if name != "Hamas"
    )
    mentions = tuple(
        Mention(local, *at, TEXT[at[0] : at[1]], "model") for local, found in spans.items() for at in found
    )
    article = Article("news", digest(TEXT), "Iran arms Hezbollah", TEXT, "2024-05-01", "The Daily")
    with Folder(folder).write() as db:
        write_reading(db, Reading(article, locals_, mentions, tuple(EVIDENCE.values()), 8), "by hand")
        write_reading(db, OTHER, "by hand")
        bring_up_to_date(db, Folder(folder).catalogue(), Summary(), model=DEFAULT_MODEL)
    return folder


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "g"))


def exported(folder: Path, target: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one line of both files, after what was decided."""
    refresh(folder)
    with Folder(folder).read() as db:
        export(db, target, "training")
    text, claims = (
        (target / name).read_text(encoding="utf-8").splitlines() for name in ("texts.jsonl", "claims.jsonl")
    )
    assert len(text) == len(claims) == 1
    check(target)
    return json.loads(text[0]), json.loads(claims[0])


def accept(folder: Path, *names: str, but: dict[str, str] | None = None) -> None:
    """Decides on evidence by its name here."""
    for name in names:
        decide(folder, "accept", EVIDENCE[name].evidence_id, settle=False)
    for name, action in (but or {}).items():
        decide(folder, action, EVIDENCE[name].evidence_id, settle=False)


def claim(
    n: int, type_: str, a: list[str] | None, b: list[str] | None, w: str, st: str = "asserted", **more: Any
) -> dict[str, Any]:
    return {"n": n, "t": type_, "a": a, "b": b, **{k: v for k, v in more.items() if k == "r"}, "st": st} | {
        **{k: v for k, v in more.items() if k == "by"}, "w": w,
    }  # fmt: skip


ALL = {
    "title": [claim(1, "SUPPLIES", ["Iran", "Iran"], ["Hezbollah", "Hezbollah"], "arms")],
    "rivals": [claim(1, "FIGHTS", ["Iran", "Iran"], ["Hezbollah", "Hezbollah#2"], "rivals")],
    "sent": [claim(2, "SUPPLIES", ["Iran", "Iran"], ["Hezbollah", "Hezbollah"], "sent")],
    "thanked": [claim(2, "SUPPORTS", ["Hezbollah", "it"], ["Iran", "Iran#2"], "thanked")],
    "attacked": [claim(3, "ATTACKS", ["Hezbollah", "The group"], ["Israel", "Israel"], "attacked", "reported", by="Reuters > officials")],
    "met": [claim(5, "MEETS_WITH", ["Mali", "Mali"], ["Chad", "Chad"], "met")],
    "praised": [claim(7, "SUPPORTS", ["Syria", "Syria"], ["Hezbollah", "@2 Hezbollah"], "praised")],
    "arms": [
        claim(8, "SUPPLIES", ["Russia", "Russia"], ["Syria", "Syria"], "arms", r={"item": ["S-300", "S-300s"]}),
        claim(8, "SUPPLIES", ["Russia", "Russia"], ["Syria", "Syria"], "arms", r={"item": ["Su-35", "Su-35s"]}),
    ],
}  # fmt: skip


def of(*names: str) -> list[dict[str, Any]]:
    return [each for name in names for each in ALL[name]]


def test_all_that_was_accepted(graph: Path, tmp_path: Path) -> None:
    accept(graph, *EVIDENCE)
    text, said = exported(graph, tmp_path / "out")
    assert text == {
        "id": digest("news"), "source": "The Daily", "licence": "", "title": "Iran arms Hezbollah", "published": "2024-05-01",
        "from": "news", "sents": SENTENCES,
    }  # fmt: skip
    names = "Chad Hezbollah Iran Israel Mali Niger Russia S-300 Su-35 Syria".split()
    assert sorted(said.pop("actors")) == [[name, ACTORS[name].value] for name in names]
    assert said == {"id": digest("news"), "claims": of(*ALL), "undecided": [], "unread": [4, 6]}


def test_what_nobody_decided_is_undecided_or_unread(graph: Path, tmp_path: Path) -> None:
    accept(graph, "title", "thanked", but={"sent": "reject", "met": "reject"})
    _, said = exported(graph, tmp_path / "out")
    assert said["claims"] == of("title", "thanked")
    assert said["undecided"] == of("rivals")  # beside one that was accepted
    assert said["unread"] == [3, 4, 6, 7, 8]


def test_what_is_not_believed_is_said_all_the_same(graph: Path, tmp_path: Path) -> None:
    accept(graph, but={"attacked": "disbelieve"})
    _, said = exported(graph, tmp_path / "out")
    assert (said["claims"], said["undecided"], said["unread"]) == (of("attacked"), [], [1, 2, 4, 5, 6, 7, 8])


@pytest.mark.parametrize(
    "action, items, unread",
    [
        # one reading of one sentence, though its items make two claims
        ("accept", ["S-300", "Su-35"], [1, 2, 3, 4, 5, 6, 7]),
        ("reject", ["Su-35"], [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_verdict_on_a_claim_is_one_on_its_evidence(
    graph: Path, tmp_path: Path, action: str, items: list[str], unread: list[int]
) -> None:
    with Folder(graph).read() as db:
        ((id,),) = db.execute("SELECT id FROM claim WHERE text LIKE 'Russia supplies Syria with S-300%'").fetchall()
    decide(graph, action, id)
    _, said = exported(graph, tmp_path / "out")
    assert said["claims"] == [each for each in ALL["arms"] if each["r"]["item"][0] in items]
    assert (said["undecided"], said["unread"]) == ([], unread)


def edit(folder: Path, name: str, field: str, value: str, **details: str) -> None:
    decide(folder, "edit", EVIDENCE[name].evidence_id, value, field=field, details=details, settle=False)


CORRECTED: list[tuple[list[tuple[str, str, str, dict[str, str]]], list[dict[str, Any]]]] = [
    ([("attacked", "status", "denied", {})], [ALL["attacked"][0] | {"st": "denied"}]),
    # who is named in the sentence is named by his name, the nearest to the words that were wrong
    ([("thanked", "role:agent", "Syria", {}), ("thanked", "role:agent", "Iran", {}), ("thanked", "role:recipient", "Hezbollah", {})],
     [claim(2, "SUPPORTS", ["Iran", "Iran#2"], ["Hezbollah", "Hezbollah"], "thanked")]),
    # who is not is what the words stand for
    ([("attacked", "role:attacker", "Hamas", {})],
     [claim(3, "ATTACKS", ["Hamas", "The group"], ["Israel", "Israel"], "attacked", "reported", by="Reuters > officials")]),
    ([("attacked", "role:attacker", "", {})], [ALL["attacked"][0] | {"a": None}]),
    # a role that was empty: by the last name before the sentence
    ([("met", "role:place", "Israel", {})], [ALL["met"][0] | {"r": {"place": ["Israel", "@3 Israel"]}}]),
    ([("met", "role:party", "Niger", {"instead": "Chad"})], [claim(5, "MEETS_WITH", ["Mali", "Mali"], ["Niger", "Niger"], "met")]),
    ([("arms", "role:item", "", {"instead": "Su-35"})], [ALL["arms"][0]]),
    ([("title", "role:recipient", "Iran", {})], []),  # nobody arms himself
]  # fmt: skip


@pytest.mark.parametrize("edits, claims", CORRECTED)
def test_corrections(
    graph: Path, tmp_path: Path, edits: list[tuple[str, str, str, dict[str, str]]], claims: list[dict[str, Any]]
) -> None:
    for name, field, value, details in edits:
        edit(graph, name, field, value, **details)
    _, said = exported(graph, tmp_path / "out")
    assert said["claims"] == claims


def add(folder: Path, type_: str, sentence: str, status: str, article: str = "news", **roles: list[str]) -> None:
    details = {"type": type_, "roles": roles, "sentence": sentence, "status": status}
    decide(
        folder, "add", article, details=details | ({} if article == "news" else {"source": {"published": "2023-01-01"}})
    )


def test_what_a_person_added(graph: Path, tmp_path: Path) -> None:
    add(graph, "MEETS_WITH", "Mali met Chad and Niger.", "asserted", party=["Mali", "Niger"])
    add(graph, "SUPPORTS", "Syria praised it. Russia arms Syria", "possible", agent=["Russia"], recipient=["Syria"])
    add(graph, "CONDEMNS", "Nobody won.", "asserted", agent=["Niger"], target=["Russia"])
    text, said = exported(graph, tmp_path / "out")
    assert text["sents"] == [
        *SENTENCES[:6],
        "¶ Syria praised it. Russia arms Syria with S-300s and Su-35s.",
    ]  # not cut within a quotation
    assert said["claims"] == [
        claim(5, "MEETS_WITH", ["Mali", "Mali"], ["Niger", "Niger"], "met Chad and"),
        claim(6, "CONDEMNS", ["Niger", "@5 Niger"], ["Russia", "@7 Russia"], "Nobody won."),
        claim(7, "SUPPORTS", ["Russia", "Russia"], ["Syria", "Syria#2"], "arms", "possible"),
    ]
    assert [(each["t"], each["n"]) for each in said["undecided"]] == [
        ("MEETS_WITH", 5),
        ("SUPPORTS", 7),
        ("SUPPLIES", 7),
        ("SUPPLIES", 7),
    ]
    assert said["unread"] == [1, 2, 3, 4]


def test_what_no_words_stand_for_is_not_learned_as_no_claim(graph: Path, tmp_path: Path) -> None:
    add(graph, "CONDEMNS", "Nobody won.", "asserted", agent=["Niger"], target=["Denmark"])
    accept(graph, "met")
    _, said = exported(graph, tmp_path / "out")
    assert (said["claims"], said["unread"]) == (of("met"), [1, 2, 3, 4, 6, 7, 8])


def test_a_source_that_is_no_article(graph: Path, tmp_path: Path) -> None:
    add(
        graph,
        "SUPPLIES",
        "In 2019 the DPRK sold Rodong missiles to Iran.",
        "asserted",
        "cited:A book",
        supplier=["North Korea"],
        recipient=["Iran"],
    )
    text, said = exported(graph, tmp_path / "out")
    assert (text["source"], text["published"]) == ("A book", "2023-01-01")
    assert text["sents"] == ["In 2019 the DPRK sold Rodong missiles to Iran."]
    assert said["actors"] == [["Iran", "State"], ["North Korea", "State", "DPRK"]]
    assert said["claims"] == [
        claim(1, "SUPPLIES", ["North Korea", "DPRK"], ["Iran", "Iran"], "sold Rodong missiles to")
    ]
    assert (said["undecided"], said["unread"]) == ([], [])


def test_nothing_was_decided(graph: Path, tmp_path: Path) -> None:
    with (
        Folder(graph).read() as db,
        pytest.raises(UsageError, match=r"^out: nobody has decided on a claim of this graph"),
    ):
        export(db, tmp_path / "out", "training")
    assert not (tmp_path / "out").exists()


def test_equal_graphs_give_equal_bytes(graph: Path, tmp_path: Path) -> None:
    accept(graph, *EVIDENCE)
    exported(graph, tmp_path / "one")
    exported(graph, tmp_path / "two")
    for name in ("texts.jsonl", "claims.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


CHECK = Path(__file__).parent.parent.parent / "shared" / "gold" / "train" / "check.py"


@pytest.mark.skipif(
    not CHECK.exists(), reason="the training annotations with their check lie beside the checkout, not in it"
)
def test_the_check_of_the_annotations_finds_no_fault(graph: Path, tmp_path: Path) -> None:
    accept(graph, *EVIDENCE)
    add(graph, "CONDEMNS", "Nobody won.", "asserted", agent=["Niger"], target=["Russia"])
    exported(graph, tmp_path / "out")
    command = [
        sys.executable,
        str(CHECK),
        str(tmp_path / "out" / "texts.jsonl"),
        str(tmp_path / "out" / "claims.jsonl"),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "1 texts, 10 claims, 0 faults\n", done.stdout + done.stderr


# Words and sentences, however a text is written. -----------------------------------------------------------------------

PLACES = [
    ("Mali, Mali and Mali.", 1, "Mali#2", "Mali"),
    ("pro-Mali Mali", 0, "Mali", "Mali"),
    ("Malian Mali", 0, "Malian", "Mali"),  # what begins or ends within a word is the whole word
    ("Ship #2 hit ship #2", 0, "#2#1", "#2"),
    ("a a a", 1, "a a a", "a a"),
    ("a a a b", 1, "a a a", "a a"),
    ("@3 men left", 0, "@1 @3 men", "@3 men"),
    ("¶ A  b\nc", 0, "b c", "b\nc"),
]  # fmt: skip


@pytest.mark.parametrize("text, n, expected, words", PLACES)
def test_words_are_found_again(text: str, n: int, expected: str, words: str) -> None:
    start = [match.start() for match in re.finditer(rf"(?={re.escape(words)})", text)][n]
    assert cut(text, [], []).words((start, start + len(words)), 1) == expected


CUT = [
    ("One.  Two!\nThree", [], [], ["One.", "Two!", "¶ Three"]),
    ("One long line,\nbroken\nby hand. Two\n\nThree", [], [], ["One long line, broken by hand.", "Two", "¶ Three"]),
    ("U.S. Army and Gen. Smith met. “He left.” Then", [], [], ["U.S. Army and Gen. Smith met.", "“He left.”", "Then"]),
    ("KYIV (AP) — One two. Three", [(12, 20)], [], ["KYIV (AP) —", "One two.", "Three"]),
    ("“One.” Two. Three.", [(1, 5), (7, 11)], [(7, 18)], ["“", "One.”", "Two. Three."]),
    ("\n\n ¶ One.\n\n***\n\nTwo", [], [], ["One.", "¶ ***", "¶ Two"]),
]


@pytest.mark.parametrize("text, read, quoted, expected", CUT)
def test_sentences(text: str, read: list[tuple[int, int]], quoted: list[tuple[int, int]], expected: list[str]) -> None:
    assert cut(text, read, quoted).lines == expected


def check(folder: Path) -> None:
    """Fails where words do not stand where a file says they do."""
    texts = {
        entry["id"]: entry["sents"]
        for entry in map(json.loads, (folder / "texts.jsonl").read_text("utf-8").splitlines())
    }
    for entry in map(json.loads, (folder / "claims.jsonl").read_text("utf-8").splitlines()):
        assert [*faults(entry, texts[entry["id"]])] == []


def faults(entry: dict[str, Any], lines: list[str]) -> Iterator[str]:
    names = [name for name, *_ in entry["actors"]]
    if len({*names}) < len(names) or not {kind for _, kind, *_ in entry["actors"]} <= {*Kind}:
        yield f"actors {entry['actors']}"
    if not {*entry["unread"]} <= {*range(1, len(lines) + 1)}:
        yield f"unread {entry['unread']}"
    for claim in (*entry["claims"], *entry["undecided"]):
        relation, more = load_schema()[claim["t"]], claim.get("r", {})
        fillers = [end for end in (claim["a"], claim["b"]) if end] + [*more.values()]
        if claim["st"] not in {*Status} or not more.keys() <= {*relation.roles[2:]} or not (claim["a"] or claim["b"]):
            yield f"{claim}: status or roles"
        if claim["n"] in entry["unread"] and claim in entry["undecided"]:
            yield f"{claim}: undecided in a sentence that nobody read"
        yield from (f"{claim}: {name} is no actor" for name, _ in fillers if name not in names)
        yield from (
            f"{claim}: {words!r} does not stand there"
            for words in (claim["w"], *(words for _, words in fillers))
            if not stands(words, claim["n"], lines)
        )


def stands(words: str, number: int, lines: list[str]) -> bool:
    if match := re.match(r"@(\d+) (.*)", words):
        number, words = int(match[1]), match[2]
    times = 1
    if match := re.match(r"(.*)#(\d+)$", words):
        times, words = int(match[2]), match[1]
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return len(re.findall(rf"(?<!\w){re.escape(words)}(?!\w)", line)) >= times
