"""What articles, catalogues, decisions and names of files say reaches no terminal, spreadsheet or XML parser as code."""

from __future__ import annotations

import ast
import csv
import io
import json
import logging
import math
import os
import pty
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.build import build
from kgraph.catalogue import load_catalogue
from kgraph.cli.printing import as_csv, as_json_lines, as_table
from kgraph.copies import load_owners
from kgraph.review import decide
from kgraph.safe_text import as_said, csv_line, for_terminal, inert, json_line, one_line, xml_text

# What a terminal must not get: C0 but line feed and tab, DEL, C1, what turns text around or is not seen, tags.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)

# CSV. -----------------------------------------------------------------------------------------------------------------

INERT = [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("  =1", "'  =1"),
    ("\u00a0=1", "'\u00a0=1"), ("\u200b=1", "'\u200b=1"), ("\ufeff=1", "'\ufeff=1"), ("\x00=1", "'\x00=1"), ("\n=1", "'\n=1"),
    ("＝1", "'＝1"), ("－1", "'－1"), ("＋1", "'＋1"), ("＠x", "'＠x"), ("|calc", "'|calc"), ("%0a", "'%0a"), ("'=1", "''=1"),
    ("\"=1", "'\"=1"), ("\x7f=1", "'\x7f=1"), ("\u3164=1", "'\u3164=1"), ("％1", "'％1"), ("｜x", "'｜x"), ("﹦1", "'﹦1"), ("−1", "'−1"),
    ("Iran", "Iran"), ("a=b", "a=b"), ("'Iran'", "'Iran'"), ("al-Shabaab", "al-Shabaab"), ("", ""), ("1-2", "1-2"), ("(=1)", "(=1)"),
]  # fmt: skip


@pytest.mark.parametrize("text, cell", INERT, ids=[repr(text) for text, _ in INERT])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str, cell: str) -> None:
    assert inert(text) == cell and as_said(cell) == text


def test_the_page_knows_the_same_formulas() -> None:
    (written,) = re.findall(r"inert = /\^(.*?)/\.test", files("kgraph.view").joinpath("exports.js").read_text(encoding="utf-8"))
    theirs = re.compile(written)
    for text in (lead + chr(sign) for lead in ("", "'", "a") for sign in range(0xD800)):
        assert bool(theirs.match(text)) == (inert(text) != text), ascii(text)
        assert bool(theirs.match(f"{text}=")) == (inert(f"{text}=") != f"{text}="), ascii(text)


@given(st.text())
def test_every_cell_reads_back(text: str) -> None:
    assert as_said(inert(text)) == text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), min_size=1))
def test_every_csv_reads_back(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO("".join(map(csv_line, rows)), newline="")))
    assert [[as_said(cell) for cell in row] for row in found] == rows


def test_numbers_stay_numbers() -> None:
    row = {"name": "-3", "count": -3, "share": -0.5, "known": True, "list": ["=a", "b"], "none": None}
    assert as_csv(list(row), [row]) == "name,count,share,known,list,none\n'-3,-3,-0.5,yes,\"'=a, b\","
    assert as_csv(["=x"], [{"=x": ""}]) == "'=x\n\"\""


def test_what_a_spreadsheet_was_kept_from_running_is_read_as_it_was_said(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(csv_line(["id", "name", "aliases"]) + csv_line(["group:odd", "=Odd Front", "@odd|-Odd"]))
    assert "'=Odd" in (tmp_path / "own.csv").read_text()
    entry = load_catalogue(tmp_path / "own.csv").entries["group:odd"]
    assert (entry.name, entry.aliases) == ("=Odd Front", ("@odd", "-Odd"))
    (tmp_path / "owners.csv").write_text(csv_line(["outlet", "owner"]) + csv_line(["+972", "=Group"]))
    assert load_owners(tmp_path / "owners.csv") == {"+972": "=Group"}


# XML. -----------------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=30))
def test_xml_holds_any_text(text: str) -> None:
    whole = ElementTree.tostring(ElementTree.Element("a", {"b": xml_text(text)}), encoding="utf-8")
    assert len(ElementTree.fromstring(whole).attrib["b"]) == len(text)
    assert xml_text("Iran\t\n é 𝒳") == "Iran\t\n é 𝒳" and xml_text("a\x1b\x00\ud800\ufffe\uffffb") == "a\ufffd\ufffd\ufffd\ufffd\ufffdb"


# A terminal. ----------------------------------------------------------------------------------------------------------

SHOWN = [
    ("\x1b[2J", r"\x1b[2J"), ("\x1b]0;t\x07", r"\x1b]0;t\x07"), ("\x9b31m", r"\x9b31m"), ("a\rb", r"a\rb"), ("a\x08b", r"a\x08b"),
    ("\u202eevil\u202c", r"\u202eevil\u202c"), ("\u2066x\u2069", r"\u2066x\u2069"), ("Hez\u200bbollah", r"Hez\u200bbollah"),
    ("a\u2028b\u2029c\x85d", r"a\u2028b\u2029c\x85d"), ("\U000e0041", r"\U000e0041"), ("\ud800", r"\ud800"), ("\x7f", r"\x7f"),
    ("Hez\u200cbollah", r"Hez\u200cbollah"), ("x\u200f", r"x\u200f"), ("a\nb", "a b"), ("a\r\nb\tc", "a b c"),
    ("[red]x[/red]", "[red]x[/red]"), ("Ünïcödé – “x” 🚀", "Ünïcödé – “x” 🚀"), ("می\u200cخواهم", "می\u200cخواهم"), ("שלום\u200f!", "שלום\u200f!"),
]  # fmt: skip


@pytest.mark.parametrize("text, shown", SHOWN, ids=[ascii(text) for text, _ in SHOWN])
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert one_line(text) == shown == one_line(shown)


@given(st.text(st.characters()))
def test_no_text_reaches_a_terminal_as_a_command(text: str) -> None:
    for shown in (for_terminal(text), one_line(text), json_line(text)):
        assert not FORBIDDEN.search(shown) and shown.encode("utf-8") is not None
    assert "\n" not in one_line(text) and json.loads(json_line(text)) == text


def test_a_cell_of_a_table_is_a_line() -> None:
    table = as_table(["who", "[b]n"], [{"who": "Iran\nRussia  9\r\x1b[1m[red]\u2028", "[b]n": 1}])
    assert len(table.split("\n")) == 2 and r"Iran Russia  9\r\x1b[1m[red]\u2028" in table and "[b]n" in table
    assert json_line({"a": [math.nan, 1.5, (math.inf, {"b": -math.inf})]}) == '{"a": [null, 1.5, [null, {"b": null}]]}'
    assert as_json_lines(["a"], [{"a": "\x9b\u202e"}]) == r'{"a": "\u009b\u202e"}'


def test_one_module_prints() -> None:
    """All that the command line prints goes through cli/options.py."""
    found = [
        (path.name, node.lineno)
        for path in Path(str(files("kgraph.cli"))).glob("*.py")
        if path.name != "options.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "click.echo", "click.secho", "click.prompt", "click.style")
    ]
    assert not found


# The command line, on a terminal. -------------------------------------------------------------------------------------

EVIL = "\x1b]0;pwned\x07\x1b[31m\u202eevil\u202c\x9b1m\u200b\u2066\U000e0041"
FEED = [
    {"id": f"{EVIL}1", "title": f"{EVIL} title", "outlet": f"=Out{EVIL}", "published": "2024-05-01", "url": "https://example.org/\x1b[1m",
     "text": f"Iran supplied Shahed-136 drones to Russia{EVIL}, officials said on Monday. The Oban Front attacked the Tolu Army with rockets."},
    {"id": "2", "outlet": "Two\nRows  9", "published": "2024-05-02", "text": f"The Oban Front attacked{EVIL} the Tolu Army near Kyiv. Iran supplied drones\u2028 to Russia."},
]  # fmt: skip
ROWS = [
    ["id", "name", "kind", "aliases"],
    ["group:oban\x1b[5m-front", f"=Oban{EVIL} Fr\u2028ont", "Group", "Oban Front"],
    ["group:tolu", f"Tolu{EVIL} Army", "Group", "Tolu Army"],
]
QUESTION = """// What {evil} is said.
// $word: text = {evil} - what {evil} to look for
MATCH (a:Actor) WHERE a.name CONTAINS '' OR a.name = $word RETURN a.name AS name, a.actorId AS id
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph in which every text is out to get the terminal."""
    home = tmp_path_factory.mktemp("hostile")
    (home / f"feed{EVIL}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in FEED))
    with (home / "own.csv").open("w", encoding="utf-8", newline="") as rows:
        rows.writelines(map(csv_line, ROWS))
    (home / "question.cypher").write_text(QUESTION.format(evil=EVIL.replace("\n", "")), encoding="utf-8")
    summary = build(home / "g.kg", [home], catalogue_files=[home / "own.csv"])
    assert summary.read == 2
    decide(home / "g.kg", "comment", "group:tolu", f"remark {EVIL}", who=EVIL, why=EVIL)
    return home


COMMANDS = [
    "actors", "actors --format csv", "actors --format jsonl", "claims", "claims --format jsonl", "show group:tolu", "stats",
    "path group:tolu group:oban\x1b[5m-front --sentences", "history group:tolu", "diff 2024-05-01 2024-06-01", "review --list", "decisions",
    "outlets", "outlets --format csv", "outlets --format jsonl", "query question.cypher", "query question.cypher --format csv", "queries question.cypher",
    "central", "brokers", "communities", "near group:tolu", "cypher RETURN\u00a0'\x1b[1m'\u00a0AS\u00a0`\x9bx`", "check", "show \x1b[1mNobody", "claims --about \udcff",
    "\x1b[1m", "stats --\x1b[1m", "stats -g no\x1b[1m\udcff.kg", "build no\x1b[1m.txt --workers 0", "remove \x1b[1mx", "query q\x1b[1m x=\x9b", "explain \x9b", "rebuild",
    "same group:tolu \x1b[1mX", "export \x1b[1m.xls", "history \u202e", "build x.txt --catalogue \x1b[1m", "load \x1b[1mnowhere",
]  # fmt: skip
RUN = """
import json, os, sys
from kgraph.cli import main
for words in json.loads(os.environ["COMMANDS"]):
    sys.argv[1:] = words
    try:
        main(words)
    except SystemExit as end:
        print("==", end.code, flush=True)
"""


def on_a_terminal(command: list[str], home: Path, typed: str = "", **environment: str) -> str:
    """What a terminal gets from a command: of stdout and stderr."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "KGRAPH_GRAPH": "g.kg", "COLUMNS": "300", "USER": "me", "TERM": "dumb", **environment}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=home, env=environment):
        os.close(theirs)
        os.write(ours, typed.encode())
        seen = b""
        while True:
            try:
                new = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not new:
                break
            seen += new
    os.close(ours)
    return seen.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def test_no_command_sends_what_articles_say_to_the_terminal_as_commands(hostile: Path) -> None:
    words = [[word.replace("\u00a0", " ") for word in command.split(" ")] for command in COMMANDS]
    seen = on_a_terminal([sys.executable, "-c", RUN], hostile, COMMANDS=json.dumps(words))
    parts = seen.split("\n== ")
    assert len(parts) == len(COMMANDS) + 1, parts[-1]
    for command, part in zip(COMMANDS, parts, strict=False):
        assert not FORBIDDEN.search(part), f"{command!r}: {part!r}"
        assert "Traceback" not in part, f"{command!r}: {part}"
    assert seen.count(r"\u202eevil\u202c") > 30 and r"\x1b]0;pwned\x07" in seen
    outlets = parts[COMMANDS.index("outlets")].split("\n")
    assert any("Two Rows  9" in line for line in outlets)
    assert "\n== 0" in seen and r"Error: \udcff: bytes that are no UTF-8" in seen


def test_explaining_and_reviewing(hostile: Path) -> None:
    """What asks and underlines sends styles of its own, and nothing else."""
    claims = on_a_terminal([sys.executable, "-m", "kgraph.cli", "claims", "--format", "jsonl"], hostile)
    ids = [json.loads(line)["id"][:8] for line in claims.split("\n") if line.startswith("{")]
    seen = on_a_terminal([sys.executable, "-c", RUN], hostile, COMMANDS=json.dumps([["explain", id] for id in ids]))
    assert not FORBIDDEN.search(seen) and r"\u202eevil\u202c" in seen and r"=Out\x1b]0;pwned" in seen
    walked = on_a_terminal([sys.executable, "-m", "kgraph.cli", "review"], hostile, typed="s\nq\n")
    without = re.sub("\x1b\\[[0-9;]*m", "", walked)
    assert not FORBIDDEN.search(without) and r"\u202eevil\u202c" in without
    assert {*re.findall("\x1b\\[[0-9;]*m", walked)} <= {"\x1b[0m", "\x1b[1m", "\x1b[4m"}


def test_a_terminal_without_unicode(hostile: Path) -> None:
    words = [["actors"], ["claims", "--format", "jsonl"], ["outlets", "--format", "csv"], ["show", "group:tolu"], ["show", "\udcff"]]
    for encoding in ("ascii", "latin-1"):
        seen = on_a_terminal([sys.executable, "-c", RUN], hostile, COMMANDS=json.dumps(words), PYTHONIOENCODING=encoding)
        assert "Traceback" not in seen and seen.count("== 0") == 4


def test_csv_into_a_file_is_as_it_was_said(hostile: Path) -> None:
    command = [sys.executable, "-m", "kgraph.cli", "outlets", "--format", "csv"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "KGRAPH_GRAPH": "g.kg", "PYTHONIOENCODING": "utf-8"}, cwd=hostile)
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert f"'=Out{EVIL}" in [row["outlet"] for row in rows]


def test_a_mistake_in_kgraph_is_told_safely() -> None:
    fails = """
import logging, sys
from kgraph.cli import main, options
@main.command("fails")
def fails():
    logging.getLogger("kgraph").error("%s: a mistake", "\\x1b[1m")
    raise ZeroDivisionError("\\x1b[2J\\u202e")
main(["fails"])
"""
    done = subprocess.run([sys.executable, "-c", fails], capture_output=True, text=True)
    assert r"ZeroDivisionError: \x1b[2J\u202e" in done.stderr and r"\x1b[1m: a mistake" in done.stderr
    assert not FORBIDDEN.search(done.stderr)
    assert logging.lastResort
