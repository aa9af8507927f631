"""Decisions as a file: what is written reads back, nothing is lost between two who write, and nothing hostile gets in."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kgraph.build import build, rebuild, refresh
from kgraph.build.check import check
from kgraph.cli import main
from kgraph.decisions import Decision, add_decision, append, load_decisions, merge, read_all, undo
from kgraph.errors import DecisionError, KgraphError, StoreError, UsageError
from kgraph.folder import Folder
from kgraph.lookup import claims
from kgraph.review import decide, list_orphans
from kgraph.review import merge as merge_into
from kgraph.view import picture

ENDS = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\x1f\x00\x7f\r\n\t"  # what some program or other ends a line at


@pytest.mark.parametrize("sign", ENDS, ids=ascii)
def test_what_is_written_reads_back(tmp_path: Path, sign: str) -> None:
    file, words = tmp_path / "decisions.jsonl", f"one{sign}two{sign}"
    first = add_decision(
        file,
        "reject",
        "e1",
        why=words,
        details={"article": "a", "type": "SUPPLIES", "sentence": words, "actors": [words]},
    )
    second = add_decision(file, "comment", "e1", words, who=words)
    assert read_all(file) == (first, second)
    assert file.read_bytes().count(b"\n") == 2 and len(file.read_text(encoding="utf-8").splitlines()) == 2
    assert merge(tmp_path / "mine.jsonl", file).added == (first, second)
    assert read_all(tmp_path / "mine.jsonl") == (first, second)


LINE = '{"action": "accept", "target": "e%d", "why": "a%sb"}'
WRITTEN_ELSEWHERE = {
    "signs that end a line elsewhere": "".join(f"{LINE % (n, sign)}\n" for n, sign in enumerate("\u2028\u2029\x85")),
    "an editor of Windows": "\r\n".join(LINE % (n, "") for n in range(3)) + "\r\n",
    "a byte order mark": "\ufeff" + "\n".join(LINE % (n, "") for n in range(3)),
    "empty lines": "\n\n".join(LINE % (n, "") for n in range(3)) + "\n \n\t\n",
}


@pytest.mark.parametrize("text", WRITTEN_ELSEWHERE.values(), ids=WRITTEN_ELSEWHERE)
def test_what_others_wrote_is_read_and_goes_on(tmp_path: Path, text: str) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_bytes(text.encode())
    add_decision(file, "accept", "e3")
    assert [one.target for one in read_all(file)] == ["e0", "e1", "e2", "e3"]


TORN = ["--why=\udcff", "--who=\udcff", "--why=\udce2\udc80"]


@pytest.mark.parametrize("torn", TORN, ids=ascii)
def test_bytes_that_are_no_text_are_refused_in_one_line(graph: Path, torn: str) -> None:
    command = [sys.executable, "-m", "kgraph.cli", "comment", "Syria", "words", torn, "-g", str(graph)]
    done = subprocess.run(
        [os.fsencode(word) for word in command], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and "no text in UTF-8" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (graph / "decisions.jsonl").exists()


# Damage. --------------------------------------------------------------------------------------------------------------


def three(file: Path) -> tuple[Decision, ...]:
    add_decision(
        file, "reject", "e1", why="a headline", details={"article": "a", "sentence": "S.", "type": "T", "actors": ["x"]}
    )
    add_decision(file, "same", "group:a", "group:b", who="ada")
    add_decision(file, "comment", "e2", "Kyjiw\u2028heißt nun so")
    return read_all(file)


def test_no_flipped_bit_is_taken_for_what_was_decided(tmp_path: Path) -> None:
    file, chance = tmp_path / "decisions.jsonl", random.Random(2)
    made, data = three(file), file.read_bytes()
    for place in range(len(data)):
        flipped = bytes([data[place] ^ 1 << chance.randrange(8)])
        file.write_bytes(data[:place] + flipped + data[place + 1 :])
        try:
            assert read_all(file) == made, (place, flipped)  # a space between two words of JSON
        except DecisionError as error:
            assert f"{file}, line " in str(error) and "\n" not in str(error)


def test_a_line_that_was_cut_is_named(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    made, data = three(file), file.read_bytes()
    last = data.rindex(b"\n", 0, -1) + 1
    for end in range(last + 1, len(data) - 1):
        file.write_bytes(data[:end])
        with pytest.raises(DecisionError, match=r"line 3: (cut off|no UTF-8)"):
            read_all(file)
    file.write_bytes(data[:-1])
    assert read_all(file) == made


def test_a_line_that_was_changed_is_named_until_its_check_is_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    made, lines = three(file), file.read_text().splitlines()
    lines[0] = lines[0].replace("a headline", "a headlime")
    file.write_text("\n".join(lines))
    with pytest.raises(DecisionError, match=r"line 1: changed after it was written; .* take out its \"check\""):
        read_all(file)
    kept = json.loads(lines[0])
    del kept["check"]
    file.write_text("\n".join([json.dumps(kept), *lines[1:]]))
    assert [one.why for one in read_all(file)] == ["a headlime", "", ""] and read_all(file)[1:] == made[1:]


def test_a_check_of_the_graph_names_a_line_that_says_something_else_than_its_id(graph: Path) -> None:
    made = decide(graph, "comment", "Syria", "ask")
    (graph / "decisions.jsonl").write_text(json.dumps(made.as_json() | {"value": "do not ask"}) + "\n")
    rebuild(graph)
    (problem,) = check(graph)
    assert "line 1: changed after it was written" in problem


def test_a_check_of_the_graph_names_decisions_that_are_gone_until_they_are_back(graph: Path) -> None:
    made = [decide(graph, "comment", "Syria", words) for words in ("one", "two", "three")]
    made.append(undo(graph / "decisions.jsonl", made[2].id))
    refresh(graph)
    lines = (graph / "decisions.jsonl").read_bytes().splitlines(keepends=True)
    for number, action in ((1, "comment"), (2, "comment"), (3, "undo")):
        wanted = f"decision {made[number].id[:8]} ({action}) was made and is no longer in decisions.jsonl: restore it"
        (graph / "decisions.jsonl").write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
        assert check(graph)[0].startswith(wanted)
        refresh(graph)
        assert [line for line in check(graph) if line.startswith(wanted)]
        (graph / "decisions.jsonl").write_bytes(b"".join(lines))
        refresh(graph)
        assert check(graph) == []
    (graph / "decisions.jsonl").write_bytes(b"".join(lines[1:]))
    rebuild(graph)  # takes the file as it is
    assert check(graph) == []


# Who writes at once. --------------------------------------------------------------------------------------------------

DECIDES = """import sys
from pathlib import Path
from kgraph.decisions import add_decision
for n in range(int(sys.argv[3])):
    made = add_decision(Path(sys.argv[1]), "comment", f"e{n}", sys.argv[2], why="y" * 500 * (n % 5))
    print(made.id, flush=True)"""
MERGES = """import sys
from pathlib import Path
from kgraph.decisions import add_decision, merge, undo
for n in range(int(sys.argv[3])):
    other = Path(sys.argv[1]).with_name(f"of-{sys.argv[2]}-{n}.jsonl")
    made = add_decision(other, "comment", f"e{n}", sys.argv[2])
    merge(Path(sys.argv[1]), other)
    undo(Path(sys.argv[1]), made.id)
    print(made.id, flush=True)"""


def start(script: str, file: Path, who: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(file), who, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_nothing_is_lost_between_those_who_decide_and_merge_at_once(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    running = [start(DECIDES, file, who, 40) for who in "abc"] + [start(MERGES, file, who, 15) for who in "de"]
    here = [
        threading.Thread(target=lambda: [add_decision(file, "comment", f"e{n}", "here") for n in range(25)])
        for _ in "12"
    ]
    for thread in here:
        thread.start()
    while any(thread.is_alive() for thread in here):
        read_all(file)  # whoever reads meanwhile sees whole lines
        time.sleep(0.01)
    told = [id for one in running for id in one.communicate(timeout=60)[0].split()]
    assert [one.returncode for one in running] == [0] * 5
    found = read_all(file)
    assert len(told) == 150 and {one.id for one in found} >= {*told}
    assert len(found) == 120 + 2 * 30 + 50 and len(load_decisions(file)) == 170


def test_what_a_kill_left_beside_the_file_is_no_decision(tmp_path: Path) -> None:
    for name in ("mine.jsonl", "theirs.jsonl"):
        (tmp_path / f"{name}.new").write_text('{"action": "acc')
    made = add_decision(tmp_path / "theirs.jsonl", "accept", "e1")
    merge(tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl")
    assert read_all(tmp_path / "mine.jsonl") == (made,) and not [*tmp_path.glob("*.new")]


def test_two_who_take_back_the_same_do_it_once(tmp_path: Path) -> None:
    file, problems = tmp_path / "decisions.jsonl", list[DecisionError]()
    made = [add_decision(file, "comment", f"e{n}") for n in range(10)]

    def take_back() -> None:
        for one in made:
            try:
                undo(file, one.id)
            except DecisionError as error:
                problems.append(error)

    both = [threading.Thread(target=take_back) for _ in "12"]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(problems) == 10 and len(read_all(file)) == 20


def test_a_kill_at_any_moment_leaves_whole_lines(tmp_path: Path) -> None:
    file, chance, told = tmp_path / "decisions.jsonl", random.Random(7), list[str]()
    for script in (DECIDES, MERGES, DECIDES, MERGES):
        one = start(script, file, f"k{len(told)}", 100_000)
        assert one.stdout
        told.append(one.stdout.readline().strip())
        time.sleep(chance.random() / 3)
        one.send_signal(signal.SIGKILL)
        told += one.communicate()[0].split()
        assert {decision.id for decision in read_all(file)} >= {id for id in told if len(id) == 16}
    add_decision(file, "comment", "e", "after all")  # nobody holds the lock


def test_a_decision_is_written_down_while_a_build_holds_the_folder(graph: Path) -> None:
    with Folder(graph).write():
        before = time.monotonic()
        decide(graph, "comment", "Syria", "ask", settle=False)
        assert time.monotonic() - before < 30
    assert [one.value for one in load_decisions(graph / "decisions.jsonl")] == ["ask"]


def test_a_lock_that_cannot_be_taken_is_named(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    (tmp_path / "decisions.lock").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match=r"decisions\.lock is damaged: delete it"):
        add_decision(file, "accept", "e1")
    with pytest.raises(StoreError, match="nothing was decided"):
        add_decision(tmp_path / "nowhere" / "decisions.jsonl", "accept", "e1")
    assert not file.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of another kind")
def test_the_file_stays_where_and_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    there, link = tmp_path / "shared" / "ours.jsonl", tmp_path / "decisions.jsonl"
    there.write_text("")
    there.chmod(0o600)
    link.symlink_to(there)
    add_decision(link, "accept", "e1")
    add_decision(there, "accept", "e2")
    assert link.is_symlink() and there.stat().st_mode & 0o777 == 0o600 and len(read_all(link)) == 2


# What is hostile. -----------------------------------------------------------------------------------------------------

TEXT = "Russia supplied S-300 missiles to Syria. Hamas attacked Israel. The Oban Front attacked Mali."
QUOTED = "Russia supplied S-300 missiles to Syria."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "news.txt").write_text(TEXT)
    build(folder / "g", [folder / "news.txt"])
    return folder


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built / "g", tmp_path / "g")
    return tmp_path / "g"


@pytest.fixture(scope="module")
def ids(built: Path) -> dict[str, str]:
    """What stands for ids in the lines below."""
    with Folder(built / "g").read() as db:
        ((evidence, article),) = db.execute("SELECT id, article FROM evidence WHERE type = 'SUPPLIES'").fetchall()
        ((claim,),) = db.execute("SELECT id FROM claim WHERE type = 'SUPPLIES'").fetchall()
    return {"EVIDENCE": evidence, "ARTICLE": article, "CLAIM": claim}


def line(action: str, target: str = "EVIDENCE", **more: Any) -> str:
    return json.dumps({"action": action, "target": target, "when": "2024-06-30T12:00:00+00:00"} | more)


def added(target: str = "cited:A book", **more: Any) -> str:
    roles = {"agent": ["state:russia"], "target": ["state:mali"]}
    return line(
        "add", target, details={"type": "CONDEMNS", "roles": roles, "sentence": "S.", "status": "asserted"} | more
    )


def actor(**more: Any) -> str:
    return line("actor", "group:oban", details={"name": "Oban", "kind": "Group"} | more)


# Lines that no graph can follow, and what is said of them.
REFUSED: list[tuple[str | bytes, str]] = [
    ("[1, 2]", "no decision"),
    ("7", "no decision"),
    ("null", "no decision"),
    ('"accept"', "no decision"),
    ("{}", "action is missing"),
    ('{"action": "accept"}', "target is missing"),
    ('{"action": "accept", "target": "e"', "cut off"),
    ('{"action": "accept", "target": "e"} {"action"', "Extra data|cut off"),
    (b'{"action": "comment", "target": "e", "why": "\xff"}', "no UTF-8"),
    (b'\xff\xfe{\x00}\x00', "no UTF-8"),
    ('{"action": "comment", "target": "e", "why": "\\ud800"}', "no text in UTF-8"),
    ('{"action": "comment", "target": "e", "details": {"\\udfff": "x"}}', "no text in UTF-8"),
    ('{"action": "comment", "action": "accept", "target": "e"}', "'action' stands there twice"),
    ('{"action": "add", "target": "e", "details": {"start": NaN}}', "NaN is no number"),
    ('{"action": "add", "target": "e", "details": {"start": -Infinity}}', "-Infinity is no number"),
    ('{"action": "accept", "target": "e", "value": %s}' % ("9" * 5000), "no decision"),
    ('{"action": "accept", "target": "e", "details": %s}' % ("[" * 100_000), "without end"),
    ('{"action": "accept", "target": "e", "details": {"a": %s}}' % ("[" * 500 + "]" * 500), "is to be a text"),
    (line("believe"), "unknown action 'believe'.* newer kgraph"),
    (line("accept", colour="red"), "no field 'colour'"),
    (line("comment", ""), "target is empty"),
    (line("comment", " \u2028\t"), "target is empty"),
    (line("accept", ["e"]), "target is to be a text"),  # type: ignore[arg-type]
    (line("accept", value=7), "value is to be a text"),
    (line("accept", why={"a": 1}), "why is to be a text"),
    (line("accept", why=None), "why is to be a text"),
    (line("accept", who=True), "who is to be a text"),
    (line("accept", when="yesterday"), "when cannot be 'yesterday'"),
    (line("accept", when="2024-02-31T00:00:00+00:00"), "when cannot be"),
    (line("accept", details=["sentence"]), "details is to be an object"),
    (line("accept", details={"sentence": ["S."]}), "sentence is to be a text"),
    (line("accept", details={"sentence": "S.", "actors": "state:mali"}), "actors is to be a list"),
    (line("accept", details={"sentence": "S.", "actors": [1]}), r"actors \[0\] is to be a text"),
    ('{"action": "accept", "target": "e", "details": {"more": 1e999}}', "too large a number"),
    (line("accept", details={"more": -(2**60)}), "too large a number"),
    (line("accept", "x" * 100_000), "target is too long"),
    (line("comment", value="x" * 2_000_000), "value is too long"),
    (line("edit", field="colour", value="red"), "unknown field 'colour'"),
    (line("edit", field="status", value="perhaps"), "status cannot be 'perhaps'"),
    (line("edit", field=["status"], value="planned"), "field is to be a text"),
    (line("edit", field="eventFrom", value="2024-02-31"), "write a date like"),
    (line("edit", field="eventTo", value="٢٠٢٤-٠١-٠١"), "write a date like"),
    (line("edit", field="role:recipient", value=["state:mali"]), "value is to be a text"),
    (line("edit", field="role:recipient", value="state:mali", details={"instead": {"a": 1}}), "instead is to be a text"),
    (line("kind", "state:mali", value="Planet"), "unknown kind"),
    (line("outlet", "The Daily", value="AB"), "A to F"),
    (line("credibility", "CLAIM", value="12"), "1 to 6"),
    (line("same", "state:mali", value="state:mali"), "different ones"),
    (line("same", "state:mali", value={"a": 1}), "value is to be a text"),
    (added(roles=[["agent", "state:russia"]]), "roles is to be an object"),
    (added(roles={"agent": "state:russia", "target": ["state:mali"]}), "agent is to be a list"),
    (added(roles={"agent": [None], "target": ["state:mali"]}), r"agent \[0\] is to be a text"),
    (added(roles={"agent": ["state:mali"] * 1000, "target": ["state:iran"] * 1000}), "at most 50"),
    (added(type=["CONDEMNS"]), "type is to be a text"),
    (added(sentence=5), "sentence is to be a text"),
    (added(sentence=""), "needs sentence"),
    (added(status="maybe"), "status cannot be 'maybe'"),
    (added(start="x"), "start is to be a place"),
    (added(start=2**70, end=2**71), "start is to be a place"),
    (added(start=9, end=5), "before it starts"),
    (added(source="a book"), "source is to be an object"),
    (added(source={"published": "2024-02-31"}), "published cannot be '2024-02-31'"),
    (added(source={"published": 20240630}), "published cannot be"),
    (added(source={"outlet": ["SIPRI"]}), "outlet is to be a text"),
    (added(eventFrom="2024-05-01", eventTo="2023-05-01"), "is after eventTo"),
    (added(eventFrom=2024), "eventFrom cannot be"),
    (added(datePrecision="century"), "datePrecision cannot be"),
    (added(colour="red"), "has no 'colour'"),
    (added("cited:"), "names its source"),
    (added("cited:a\x1b[31mb"), "names its source"),
    (actor(name=["Oban"]), "name is to be a text"),
    (actor(name=" "), "needs a name"),
    (actor(name="a\x07b"), "control character"),
    (actor(kind="Planet"), "kind cannot be 'Planet'"),
    (actor(kind=["Group"]), "kind cannot be"),
    (actor(aliases="Obani"), "aliases is to be a list"),
    (actor(aliases=None), "aliases is to be a list"),
    (actor(country=["state:mali"]), "country is to be a text"),
    (line("actor", "oban", details={"name": "Oban", "kind": "Group"}), "looks like group:oban-front"),
    (line("undo", {"id": "x"}), "target is to be a text"),  # type: ignore[arg-type]
]  # fmt: skip


def filled(one: str | bytes, ids: dict[str, str]) -> bytes:
    data = one.encode() if isinstance(one, str) else one
    for name, id in ids.items():
        data = data.replace(name.encode(), id.encode())
    return data


def named(cases: list[tuple[str | bytes, str]]) -> list[str]:
    return [f"{number}-{what}" for number, (_, what) in enumerate(cases)]


@pytest.mark.parametrize("hostile, what", REFUSED, ids=named(REFUSED))
def test_a_hostile_line_is_named_and_a_hostile_colleague_takes_nothing(
    tmp_path: Path, ids: dict[str, str], hostile: str | bytes, what: str
) -> None:
    mine, theirs, good = tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl", b'{"action": "accept", "target": "e0"}\n'
    mine.write_bytes(good + filled(hostile, ids))
    with pytest.raises(DecisionError, match=rf"(?s)mine\.jsonl, line 2: .*({what})") as found:
        load_decisions(mine)
    assert "\n" not in str(found.value) and len(str(found.value)) < 500
    theirs.write_bytes(good + filled(hostile, ids) + b"\n" + good + b"[]\n")
    add_decision(own := tmp_path / "own.jsonl", "accept", "e9")
    before = own.read_bytes()
    with pytest.raises(DecisionError, match=r"theirs\.jsonl: nothing was taken; .*line 2: .*line 4: ") as found:
        merge(own, theirs)
    assert own.read_bytes() == before and "\n" not in str(found.value)


# Lines that fit nothing by the schema: a colleague's are refused, one's own, from an older kgraph, are orphans.
UNFIT: list[tuple[str | bytes, str]] = [
    (line("edit", field="role:zzz", value="state:mali"), "SUPPLIES has no role zzz"),
    (line("edit", field="role:", value="state:mali"), "SUPPLIES has no role"),
    (line("edit", field="role:leader", value="state:mali"), "SUPPLIES has no role leader"),
    (added(type="ADMIRES"), "ADMIRES: no relation type|no relation type ADMIRES"),
    (added(roles={"agent": ["state:russia"], "zzz": ["state:mali"]}), "CONDEMNS has no role zzz"),
]  # fmt: skip

# Lines that are odd, and can be followed.
HARMLESS: list[str | bytes] = [
    line("accept", "nothing has this id"),
    line("reject", why="\x1b]0;title\x07", details={"sentence": "S.", "more": [""], "deep": 7.5}),
    line("same", "state:mali", value="state:russia") + "\n" + line("same", "state:russia", value="state:mali"),
    line("same", "group:a", value="group:b") + "\n" + line("same", "group:b", value="group:c") + "\n" + line("same", "group:c", value="group:a"),
    line("actor", "state:russia", details={"name": "Mali", "kind": "Group", "aliases": ["", "Syria"], "country": "nowhere"}),
    line("actor", "group:x\u2028y", details={"name": "Oban\u2028Front", "kind": "Group"}),
    line("kind", "state:mali", value="WeaponSystem"),
    line("edit", field="role:supplier", value=""),
    line("edit", field="role:recipient", value="group:nobody\u2029"),
    line("edit", field="eventFrom", value="2024-05-01") + "\n" + line("edit", field="eventTo", value="2023-05-01"),
    line("edit", "no evidence", field="role:supplier", value="x", details={"article": "", "sentence": "S.", "type": "", "actors": []}),
    line("undo", "never made"),
    line("comment", "nobody", value="\x00\x85\u2028"),
    line("accept", when="9999-12-31"),
    added(sentence="one\u2028two\x85three", source={"published": None, "outlet": ""}),
    added("no such article"),
    added(roles={"agent": ["group:nobody"], "target": ["state:mali"]}),
    added(eventFrom="", datePrecision=""),
]  # fmt: skip


def use(graph: Path) -> list[str]:
    """Does everything with a graph, and says what a check of it finds."""
    refresh(graph)
    with Folder(graph).read() as db:
        made = load_decisions(graph / "decisions.jsonl")
        assert claims(db)
        json.dumps(picture(db, title="g", made=made))
    for command in ("claims", "actors", "decisions --format jsonl", "decisions --orphans", "review --list", "outlets"):
        done = CliRunner().invoke(main, [*command.split(), "-g", str(graph)])
        assert done.exit_code == 0, done.output
    return check(graph)


@pytest.mark.parametrize("nobody", ["GROUP:OBAN", "weapon:zz", "nobody", ":"])
def test_a_correction_by_somebody_who_is_none_is_an_orphan(graph: Path, ids: dict[str, str], nobody: str) -> None:
    one = filled(line("edit", field="role:recipient", value=nobody), ids)
    (graph / "decisions.jsonl").write_bytes(one)
    assert use(graph) == []
    with Folder(graph).read() as db:
        assert [*list_orphans(db).values()] == [f"there is no actor {nobody}"]
        assert not db.execute("SELECT 1 FROM actor WHERE kind = '' OR name = ''").fetchall()


@pytest.mark.parametrize("unfit, what", UNFIT, ids=named(UNFIT))
def test_what_the_schema_does_not_know_is_an_orphan_and_not_taken(
    graph: Path, ids: dict[str, str], unfit: str | bytes, what: str
) -> None:
    (graph.parent / "theirs.jsonl").write_bytes(filled(unfit, ids))
    with pytest.raises(DecisionError, match=rf"theirs\.jsonl: nothing was taken; .*line 1: ({what})"):
        merge_into(graph, graph.parent / "theirs.jsonl")
    assert not (graph / "decisions.jsonl").exists()
    (graph / "decisions.jsonl").write_bytes(filled(unfit, ids))
    assert use(graph) == []
    with Folder(graph).read() as db:
        ((_, why),) = list_orphans(db).items()
    assert what.split("|")[-1] in why


@pytest.mark.parametrize("odd", HARMLESS, ids=range(len(HARMLESS)))
def test_an_odd_line_does_no_harm(graph: Path, ids: dict[str, str], odd: str | bytes) -> None:
    (graph.parent / "theirs.jsonl").write_bytes(filled(odd, ids))
    done = merge_into(graph, graph.parent / "theirs.jsonl")
    assert read_all(graph / "decisions.jsonl") == done.added and use(graph) == []


# What is asked of the graph before anything is written.
NOT_TAKEN: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    (("edit", "EVIDENCE", "Mali"), {"field": "role:zzz"}, "SUPPLIES has no role zzz; its roles: supplier, recipient"),
    (("edit", "EVIDENCE", "Mali"), {"field": "role:leader"}, "SUPPLIES has no role leader"),
    (("edit", "EVIDENCE", "2024-02-31"), {"field": "eventFrom"}, "write a date like"),
    (("edit", "EVIDENCE", "2024-05-01"), {"field": "eventFrom"}, "would be after eventTo 2023-01-01; correct eventTo first"),
    (("edit", "EVIDENCE", 7), {"field": "status"}, "value is to be a text"),
    (("accept", ["EVIDENCE"]), {}, "target is to be a text"),
    (("accept", "  "), {}, "target is empty"),
    (("accept", "\udcff"), {}, "no text in UTF-8"),
    (("add", "ARTICLE"), {"details": {"type": "CONDEMNS", "roles": ["Russia"], "sentence": QUOTED, "status": "asserted"}}, "roles is to be an object"),
    (("add", "ARTICLE"), {"details": {"type": "CONDEMNS", "roles": {"agent": ["Russia"]}, "sentence": QUOTED, "status": "asserted"}}, "needs 1 target"),
    (("add", "ARTICLE"), {"details": "CONDEMNS"}, "details is to be an object"),
    (("actor", "group:oban"), {"details": {"name": "Oban", "kind": "Group", "aliases": 7}}, "aliases is to be a list"),
]  # fmt: skip


@pytest.mark.parametrize("words, more, what", NOT_TAKEN, ids=[what for *_, what in NOT_TAKEN])
def test_nothing_is_written_of_what_does_not_fit(
    graph: Path, ids: dict[str, str], words: tuple[Any, ...], more: dict[str, Any], what: str
) -> None:
    decide(graph, "edit", ids["EVIDENCE"], "2023-01-01", field="eventTo", settle=False)
    before = (graph / "decisions.jsonl").read_bytes()
    action, target, *value = words
    target = ids.get(target, target) if isinstance(target, str) else target
    with pytest.raises((UsageError, DecisionError), match=what):
        decide(graph, action, target, *value, **more)
    assert (graph / "decisions.jsonl").read_bytes() == before


BROKEN = [
    "claims",
    "decisions",
    "check",
    "show Mali",
    "review --list",
    "reject EVIDENCE",
    "undo 0",
    "rebuild",
    "build NEWS",
]


@pytest.mark.parametrize("command", BROKEN)
def test_every_command_names_a_line_that_it_cannot_read(
    graph: Path, built: Path, ids: dict[str, str], command: str
) -> None:
    (graph / "decisions.jsonl").write_bytes(b'{"action": "accept", "target": "e"}\n\xff\n')
    words = [{"NEWS": str(built / "news.txt")}.get(word, ids.get(word, word)) for word in command.split()]
    done = CliRunner().invoke(main, [*words, "-g", str(graph)])
    assert isinstance(done.exception, SystemExit) or done.exception is None
    if command != "claims":  # which asks for no decision
        assert done.exit_code and "decisions.jsonl, line 2: no UTF-8" in done.output


def test_several_lines_are_added_all_or_none(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    append(file, [Decision("accept", f"e{n}") for n in range(3)])
    before = file.read_bytes()

    def broken() -> Iterator[Decision]:
        yield Decision("accept", "e3")
        raise KgraphError("no more")

    with pytest.raises(KgraphError, match="no more"):
        append(file, broken())
    assert file.read_bytes() == before and sorted(path.name for path in tmp_path.iterdir()) == [
        "decisions.jsonl",
        "decisions.lock",
    ]


def test_no_more_is_read_than_people_can_have_decided(tmp_path: Path) -> None:
    with (tmp_path / "huge.jsonl").open("wb") as huge:
        huge.truncate(101_000_000)  # of nothing
    for other, why in ((tmp_path / "huge.jsonl", "longer than"), (tmp_path, "cannot be read")):
        with pytest.raises(DecisionError, match=why):
            merge(tmp_path / "own.jsonl", other)


def test_what_is_typed_into_a_walk_is_text(graph: Path) -> None:
    command = [sys.executable, "-m", "kgraph.cli", "review", "-g", str(graph)]
    done = subprocess.run(command, input=b"c\n\xff\n", capture_output=True, timeout=60, check=False)
    assert b"no text in UTF-8" in done.stderr and b"Traceback" not in done.stderr
    assert not (graph / "decisions.jsonl").exists()
