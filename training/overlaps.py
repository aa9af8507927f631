"""Texts that share eight words in a row with held-out ones: nothing may be learned from them (see examples.py).

    python training/overlaps.py TEXTS… --held-out TEXTS… [--ids REGEX]

TEXTS are files of JSON lines with "id" and "sents" or "text" (other lines are passed over), articles, or folders of both.
Prints the ids of the texts that overlap, one a line with the words, and exits with 1 where there are any. With --ids only texts
whose id fits are held out, and only the others are learned from.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from kgraph.articles import read_articles
from kgraph.records import Article

IN_A_ROW = 8  # words
LINES = ".jsonl"


def overlapping(texts: Mapping[str, str], held_out: Iterable[str]) -> dict[str, str]:
    """Of texts by their ids those that share eight words in a row with a held-out one, with the first such words."""
    known = {row for text in held_out for row, _ in _rows(text)}
    found = {id: next((words for row, words in _rows(text) if row in known), None) for id, text in texts.items()}
    return {id: words for id, words in found.items() if words is not None}


def _rows(text: str) -> Iterator[tuple[bytes, str]]:
    """Every eight words in a row, as a hash and as words; a text of fewer words has none."""
    words = words_of(text)
    for start in range(len(words) - IN_A_ROW + 1):
        row = " ".join(words[start : start + IN_A_ROW])
        yield blake2b(row.encode(), digest_size=8).digest(), row


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case, accents and signs, across sentences and paragraphs."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", re.sub(r"['’]", "", plain))


def load_texts(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of files and folders by their ids; an article's is its path, which is added where two texts have one id."""
    found = dict[str, str]()
    for path in paths:
        before = len(found)
        for file in _files(path):
            for id, text in _in_file(file):
                found[id if id not in found else f"{id} ({file}, {len(found)})"] = text
        if len(found) == before:
            sys.exit(f"{path}: no text in it; give files of JSON lines with id and sents or text, or articles")
    return found


def _files(path: Path) -> list[Path]:
    if not path.exists():
        sys.exit(f"{path}: there is no such file or folder")
    endings = (LINES, ".txt", ".md", ".html", ".pdf")
    return sorted(each for each in path.rglob("*") if each.suffix in endings) if path.is_dir() else [path]


def _in_file(path: Path) -> Iterator[tuple[str, str]]:
    if path.suffix != LINES:
        for found in read_articles([path]):
            if isinstance(found, Article):
                yield str(path), found.text
            else:
                print(f"{path}: passed over: {found.why}", file=sys.stderr)
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        try:
            entry = json.loads(line) if line.strip() else {}
        except ValueError as error:
            sys.exit(f"{path}, line {number}: no JSON ({error})")
        if "id" in entry and ("sents" in entry or "text" in entry):
            yield entry["id"], " ".join(entry["sents"]) if "sents" in entry else entry["text"]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("texts", nargs="+", type=Path)
    options.add_argument("--held-out", nargs="+", type=Path, required=True)
    options.add_argument("--ids", type=re.compile, help="which of the held-out texts are, by their ids")
    chosen = options.parse_args()
    texts, held_out = load_texts(chosen.texts), load_texts(chosen.held_out)
    if chosen.ids:
        texts = {id: text for id, text in texts.items() if not chosen.ids.search(id)}
        held_out = {id: text for id, text in held_out.items() if chosen.ids.search(id)}
    found = overlapping(texts, held_out.values())
    for id, words in found.items():
        print(f"{id}: {words}")
    print(f"{len(found)} of {len(texts)} texts overlap with {len(held_out)} held-out ones", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
