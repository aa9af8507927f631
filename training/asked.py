"""What the reader `encoder` says of annotated texts, a JSON line a claim that is likelier than not: text, type, ends, word.

    python training/asked.py TEXTS.jsonl CLAIMS.jsonl

Where an end is an actor of the annotation it is called so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from examples import annotated, names_of, parts

from kgraph.reading.actors import find_cast
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.reading.readers import find_reader
from kgraph.records import Article


def main(texts: Path, claims: Path) -> None:
    nlp, catalogue = parts()
    for entry in annotated([texts], [claims]):
        document = read_document(Article(entry.id, entry.id, "", entry.text), nlp, catalogue)
        cast = find_cast(document, find_names(document, catalogue), catalogue)
        names = names_of(cast, catalogue)
        for match in find_reader("encoder")(document, cast, catalogue):
            if (match.likely or 0) >= 0.5:
                ends = [
                    next((name for name, known in entry.actors.items() if known & names[one.local]), one.local)
                    for _, one in match.fillers[:2]
                ]
                print(json.dumps([entry.id, match.frame.relation.name, *ends, match.trigger.text], ensure_ascii=False))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
