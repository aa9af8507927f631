"""What README.md shows is what kgraph does: its commands run, its answers are the real ones. Files that pages name exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from rooms import read_house

from kgraph.cli import main

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
