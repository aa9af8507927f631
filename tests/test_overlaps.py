"""What is learned from shares no eight words in a row with what is held out: training/overlaps.py says where it does."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent.parent / "training" / "overlaps.py"
OVERLAPS = runpy.run_path(str(SCRIPT))
overlapping, words_of, load_texts = (OVERLAPS[name] for name in ("overlapping", "words_of", "load_texts"))

HELD = "On Monday, Mali’s army shelled the Oban Front near Gao, officials said."
PAIRS = [
    ("officials said Mali's army shelled the Oban Front near Gao", "malis army shelled the oban front near gao"),
    ("Mali’s ARMY “shelled” the\n\n¶ Obán Front. Near Gao!", "malis army shelled the oban front near gao"),
    ("Mali's army shelled the Oban Front near Timbuktu", None),  # seven words in a row
    ("army shelled the Oban Front near Gao", None),
    ("army shelled the Oban Front near Gao, officials", "army shelled the oban front near gao officials"),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize("text, words", PAIRS)
def test_eight_words_in_a_row(text: str, words: str | None) -> None:
    assert overlapping({"a1": text, "a2": "Chad."}, [HELD, "Chad."]) == ({"a1": words} if words else {})


def test_words_are_compared_without_case_accents_and_signs() -> None:
    assert words_of("¶ “Don’t go”, the U.S. told N'Djamena’s Général-in-chief in 2024.") == (
        "dont go the u s told ndjamenas general in chief in 2024".split()
    )


def test_rows_go_across_sentences_but_not_across_texts() -> None:
    held = ["One two three four.", "Five six seven eight."]
    assert overlapping({"x": "One two three four. Five six seven eight."}, held) == {}
    assert overlapping({"x": "One two three four five six seven eight"}, [" ".join(held)]) == {
        "x": "one two three four five six seven eight"
    }


def write(path: Path, *entries: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
    return path


def test_files_and_folders(tmp_path: Path) -> None:
    write(
        tmp_path / "a" / "lines.jsonl",
        {"id": "x1", "sents": ["One.", "¶ Two."]},
        {"id": "x2", "text": "Three."},
        {"id": "x3", "claims": []},
    )
    write(tmp_path / "a" / "more" / "lines.jsonl", {"id": "x1", "text": "Four."})
    (tmp_path / "a" / "story.txt").write_text("The army of Mali shelled a town that the rebels had held.")
    assert load_texts([tmp_path / "a"]) == {
        "x1": "One. ¶ Two.",
        "x2": "Three.",
        f"x1 ({tmp_path / 'a' / 'more' / 'lines.jsonl'}, 2)": "Four.",
        str(tmp_path / "a" / "story.txt"): "The army of Mali shelled a town that the rebels had held.",
    }


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("none", None, "none: there is no such file or folder"),
        ("claims.jsonl", '{"id": "x1", "claims": []}\n', "claims.jsonl: no text in it; give files of JSON lines"),
        ("torn.jsonl", '\n{"id": "x1", "te', "torn.jsonl, line 2: no JSON"),
    ],
)
def test_what_holds_no_texts_is_named(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(SystemExit, match=message):
        load_texts([tmp_path / name])


def test_nothing_is_learned_from_texts_that_overlap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What overlaps with a text whose id ends in 7, or with one of a file, is no example."""
    sentences = {
        "a1": HELD, "a2": "Iran armed Hezbollah in Lebanon.", "a7": f"“{HELD}”",
        "a3": "France sold jets to Egypt and India, the ministry said on Sunday.",
    }  # fmt: skip
    texts = write(tmp_path / "texts.jsonl", *({"id": id, "sents": [text]} for id, text in sentences.items()))
    claims = write(tmp_path / "claims.jsonl", *({"id": id, "actors": [], "claims": []} for id in sentences))
    held = write(tmp_path / "held.jsonl", {"id": "h1", "text": f"It was known that {sentences['a3']}"})
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    scripts = runpy.run_path(str(SCRIPT.parent / "examples.py"))
    entries = list(scripts["annotated"]([texts], [claims]))
    assert [entry.id for entry in scripts["without_overlaps"](entries, [held])] == ["a2", "a7"]
    assert capsys.readouterr().err == (
        "left out: a1 shares with a held-out text: on monday malis army shelled the oban front\n"
        "left out: a3 shares with a held-out text: france sold jets to egypt and india the\n"
    )
    assert [entry.id for entry in scripts["without_overlaps"](entries, [])] == ["a2", "a7", "a3"]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["overlaps.py", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        return int(ended.value.code or 0)

    return run


def test_the_script_lists_them(script: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = write(
        tmp_path / "texts.jsonl",
        {"id": "a1", "text": HELD},
        {"id": "a2", "text": "Chad met Niger."},
        {"id": "a7", "text": f"“{HELD}”"},
    )
    held = write(tmp_path / "held.jsonl", {"id": "h1", "text": f"Later: {HELD}"})
    assert script(texts, "--held-out", held) == 1
    assert capsys.readouterr() == (
        "a1: on monday malis army shelled the oban front\na7: on monday malis army shelled the oban front\n",
        "2 of 3 texts overlap with 1 held-out ones\n",
    )
    assert script(texts, "--held-out", texts, "--ids", "7$") == 1
    assert capsys.readouterr().out == "a1: on monday malis army shelled the oban front\n"
    assert script(write(tmp_path / "free.jsonl", {"id": "a2", "text": "Chad met Niger."}), "--held-out", held) == 0


SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.mark.skipif(
    not (SHARED / "gold" / "train").exists(), reason="the annotated texts lie beside the checkout, not in it"
)
def test_the_free_texts_overlap_with_no_annotated_one() -> None:
    free = {*(SHARED / "data" / "texts" / "free.txt").read_text(encoding="utf-8").split()}
    every = load_texts([path for path in sorted((SHARED / "data" / "texts").glob("*.jsonl"))])
    texts = {id: text for id, text in every.items() if id in free}
    assert len(texts) == len(free) == 1493
    assert overlapping(texts, load_texts([SHARED / "gold" / "train" / "texts"]).values()) == {}
