"""What README.md shows is what kgraph does: its commands run, its answers are the real ones. Files that pages name exist."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from rooms import read_house

from kgraph.cli import main
from kgraph.samples import samples

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.S)
COMMANDS = [
    line[2:].split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.startswith("$ kgraph")
]
ANSWERED = [block for block in BLOCKS if re.match(r"\$ kgraph query", block) and block.count("\n") > 1]


def test_every_command_is_shown() -> None:
    missing = {name for name in main.commands if f"kgraph {name}" not in README}
    assert not missing


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_exist_with_their_options(command: str) -> None:
    words = shlex.split(command.split("|")[-1])[1:]
    known = main.commands[words[0]]
    options = {option for parameter in known.params for option in parameter.opts}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= options


@pytest.mark.parametrize("block", ANSWERED)
def test_answers_are_the_real_ones(block: str, sample_graph: Path) -> None:
    command, _, answer = block.partition("\n")
    words = shlex.split(command[2:])[1:]
    arguments = words[: words.index("-g")] if "-g" in words else words
    done = CliRunner().invoke(main, [*arguments, "-g", str(sample_graph)])
    assert done.exit_code == 0, done.output
    assert done.output.split() == answer.split()


def test_there_is_an_answered_question() -> None:
    assert ANSWERED


def test_the_lines_of_python_do_the_main_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert len(code.splitlines()) == 5
    monkeypatch.chdir(Path(__file__).parent.parent)
    exec(code.replace("demo.kg", str(tmp_path / "demo.kg")), {})
    assert re.search(r"^Hezbollah and Israel reach an agreement \['.* proposed a ceasefire .*'\]$", capsys.readouterr().out, re.M)


# docs/api.md ----------------------------------------------------------------------------------------------------------

DOCS = Path(__file__).parent.parent / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")


def test_the_page_on_python_is_what_the_docstrings_say() -> None:
    made = runpy.run_path(str(DOCS / "make_api.py"))["page"]()
    assert made == API, "python docs/make_api.py writes it anew"


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").symlink_to(samples(), target_is_directory=True)
    examples = re.findall(r"```python\n(.*?)```", API, re.S)
    assert len(examples) >= 12
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, "docs/api.md", "exec"), names)
    out = capsys.readouterr().out
    for words in ("Hezbollah and Israel reach", "Hezbollah ('", "Germany Patriot True", "SUPPLIES asserted Iran sent"):
        assert words in out, out
    assert (tmp_path / "ukraine.html").exists()


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "README.md", "SECURITY.md", "docs/formats.md", "tests/gold/README.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    files = re.findall(r"`([\w/]+\.(?:py|yaml|sql|npz|js))`", text)
    folders, links = re.findall(r"`([\w/]+)/`", text), re.findall(r"\]\(((?!http)[^)#]+)", text)
    named = {*files, *folders, *links}
    assert not {name for name in named if not _is_there(name, (ROOT / page).parent)}


def test_architecture_is_short_and_knows_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 110 and max(map(len, text.splitlines())) <= 128
    house = read_house(ROOT)
    listing = re.findall(r"```\n(.*?)```", text, re.S)[0]
    assert not {room for room in house.rooms if not re.search(rf"(?<!\w){room}(?!\w)", listing)}


def _is_there(name: str, beside: Path) -> bool:
    """Whether a file lies where a page names it: beside the page, in the checkout, or in a room that goes without saying."""
    return (beside / name).exists() or (ROOT / name).exists() or any((ROOT / "kgraph").rglob(name))
