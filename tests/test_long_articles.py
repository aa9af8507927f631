"""Long articles, endless sentences and runs of one sign: read in bounded time and memory, with the claims of short ones."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kgraph.articles import read_articles
from kgraph.catalogue import Catalogue, Entry
from kgraph.catalogue.spotting import Spotted
from kgraph.copies import find_credit, sign
from kgraph.reading import documents, read
from kgraph.reading.claims.arguments import SLOTS, fill, is_passive
from kgraph.reading.claims.roles import _parts  # no other way to see it alone
from kgraph.reading.claims.voices import subject_of
from kgraph.reading.documents import read_document
from kgraph.reading.tokens import Doc
from kgraph.records import Article, Kind, Reading
from kgraph.samples import samples

FACT = "Russia attacked Kyiv with missiles on Monday."


def article(text: str) -> Article:
    return Article("a", "1", "", text, "2024-05-01")


def sample_sentences() -> list[str]:
    texts = [one.text for one in read_articles([samples()]) if isinstance(one, Article)]
    lines = (line for text in texts for line in re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n", text))
    return [line.strip() for line in lines if len(line) > 40]


def long_text(paragraphs: int) -> str:
    """Short paragraphs of sentences from the samples, the same ones every time."""
    chance, sentences = random.Random(7), sample_sentences()
    return "\n\n".join(" ".join(chance.choices(sentences, k=chance.choice((2, 3)))) for _ in range(paragraphs))


def check_offsets(reading: Reading) -> None:
    text = reading.article.text
    for one in reading.evidence:
        assert text[one.start : one.end] == one.sentence
        assert text[one.trigger_start : one.trigger_end] == one.trigger
        assert all(text[filler.start : filler.end] == filler.surface for filler in one.fillers)


# Slices. --------------------------------------------------------------------------------------------------------------


def test_the_same_claims_whatever_the_slices(nlp: Language, catalogue: Catalogue) -> None:
    whole = [one.text for one in read_articles([samples()]) if isinstance(one, Article)]
    one = article("\n\n".join(whole))
    parted = read(one, nlp, catalogue, words_at_once=150)
    at_once = read(one, nlp, catalogue, words_at_once=10**6)
    assert len(at_once.evidence) > 150
    assert replace(parted, sentences=0) == replace(at_once, sentences=0)


CARRIED = [
    ("Recep Tayyip Erdogan spoke in Ankara.\n\n{}\n\nErdogan met Vladimir Putin.", "MEETS"),
    ("Hezbollah waited.\n\nIt attacked Israel.", "ATTACKS"),
    ("The Coordination of Azawad Movements (CMA) spoke of Mali.\n\n{}\n\nThe CMA attacked Mali's army.", "ATTACKS"),
    ("“We waited,” the Israeli army said, “and\n\n“Hamas attacked Israel,” it said.", "ATTACKS"),
]


@pytest.mark.parametrize("text, type_", CARRIED)
def test_later_slices_know_what_earlier_ones_say(text: str, type_: str, nlp: Language, catalogue: Catalogue) -> None:
    one = article(text.format("It rained in the night, and nobody came to the market of the town."))
    small, large = read(one, nlp, catalogue, words_at_once=1), read(one, nlp, catalogue)
    assert small.evidence == large.evidence and small.actors == large.actors


def test_a_word_stays_one_object_while_it_is_held(nlp: Language, catalogue: Catalogue) -> None:
    doc = read_document(article("\n\n".join([FACT] * 40)), nlp, catalogue, words_at_once=8).doc
    assert len(doc.parts) == 40
    held = doc[3]
    assert all(token.head.sent.start <= token.i for token in doc)
    assert doc[3] is held and held.head is doc[held.head.i]
    assert [token.text for token in doc[5:30]] == [doc.word(i) for i in range(5, 30)]
    assert doc[0:16].text == f"{FACT}{FACT}" and doc[9:11].text == "attacked Kyiv"
    assert [token.i for token in doc.find("Kyiv")] == [i for i, word in doc.words() if word == "Kyiv"]


def test_a_paragraph_without_end_is_cut_after_a_sentence(nlp: Language, catalogue: Catalogue) -> None:
    text = " ".join([FACT] * 1000)
    reading = read(article(text), nlp, catalogue)
    check_offsets(reading)
    assert {one.sentence for one in reading.evidence} == {FACT}
    assert reading.sentences == 1000


def test_time_grows_with_the_length(nlp: Language, catalogue: Catalogue) -> None:
    def cost(paragraphs: int) -> float:
        one, begun = article(long_text(paragraphs)), time.process_time()
        read(one, nlp, catalogue)
        return (time.process_time() - begun) / paragraphs

    cost(20)
    few = cost(100)
    assert cost(500) < 3 * few  # it is the same; a busy machine is not


CHILD = """
import sys
from pathlib import Path
from kgraph.catalogue import load_catalogue
from kgraph.records import Article
from kgraph.reading.language_model import load_model
from kgraph.reading import read
nlp, catalogue = load_model(), load_catalogue()
text = sys.stdin.read()
reading = read(Article("a", "1", "", text, "2024-05-01"), nlp, catalogue)
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(reading.evidence), int(most.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process took at most")
def test_memory_does_not_grow_with_the_length() -> None:
    def peak(paragraphs: int) -> tuple[int, int]:
        done = subprocess.run(
            [sys.executable, "-c", CHILD], input=long_text(paragraphs), capture_output=True, text=True, check=True
        )
        found, most = map(int, done.stdout.split())
        return found, most

    (few, short), (many, long) = peak(150), peak(900)
    assert many > 5 * few
    assert long < short + 80 and long < 600  # megabytes


# Proxies. -------------------------------------------------------------------------------------------------------------


def entry(name: str, kind: Kind) -> Entry:
    return Entry("x:x", name, kind)


@settings(deadline=None)
@given(st.text(min_size=1), st.sampled_from(Kind), st.sampled_from(("name", "demonym", "metonym", "capital")))
def test_no_proxy_is_empty(word: str, kind: Kind, use: str) -> None:
    proxy = documents._proxy(word, Spotted(0, len(word), (entry(word, kind),), use))
    assert proxy and (not word.strip() or proxy.strip())


@pytest.mark.parametrize("word", ["-", "…", "...", "123-", "-x-", "“–”", "'", "‑", "–", ".", "(", " (x)", "Iranian-"])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("use", ["name", "demonym"])
def test_no_proxy_is_empty_for_odd_names(word: str, kind: Kind, use: str) -> None:
    assert documents._proxy(word, Spotted(0, len(word), (entry(word, kind),), use)).strip()


JOINED = [
    ("Iranian- and Turkish-made drones hit Kyiv on Monday. Russia attacked Odesa with missiles.", "Odesa"),
    ("Russian- Iranian talks failed. Russia attacked Odesa with missiles.", "Odesa"),
    ("Syrian– Israel attacked Hamas.", "Hamas"),
    ("Russia attacked Odesa. Pro-Iranian-", "Odesa"),
]


@pytest.mark.parametrize("text, target", JOINED)
def test_a_hyphen_at_the_end_of_a_name(text: str, target: str, nlp: Language, catalogue: Catalogue) -> None:
    reading = read(article(text), nlp, catalogue)
    check_offsets(reading)
    attacks = [one for one in reading.evidence if one.type == "ATTACKS"]
    assert target in {filler.surface for one in attacks for filler in one.fillers}


# Runs of one sign. ----------------------------------------------------------------------------------------------------

SIGNS = [
    *",(-.a…_=\"'“1",
    "😀",
    "\u200b",
    "\u00ad",
    ",.",
    "-=",
    "👨‍👩‍👧",
    "http://x.org/a/",
    "aGVsbG8+d29y/",
    "a,b,",
    ",;:!?()[]",
]


@pytest.mark.parametrize("sign_", SIGNS)
def test_runs_of_signs(sign_: str, nlp: Language, catalogue: Catalogue) -> None:
    run = sign_ * (20_000 // len(sign_))
    text = f"{FACT}\n\n{run}\n\nIran attacked{run} Israel.\n\nSee {run} there. Iran attacked Israel."
    begun = time.process_time()
    reading = read(article(text), nlp, catalogue)
    assert time.process_time() - begun < 20  # it took minutes
    check_offsets(reading)
    assert {"Russia", "Iran"} <= {one.fillers[0].surface for one in reading.evidence if one.type == "ATTACKS"}


GLUED = [f"Russia attacked Kyiv{sign_ * 600} Iran attacked Israel." for sign_ in (",", ".", "!", "-", ",.", "…")]


@pytest.mark.parametrize("text", GLUED)
def test_a_name_before_a_run_is_a_name(text: str, nlp: Language, catalogue: Catalogue) -> None:
    reading = read(article(text), nlp, catalogue)
    check_offsets(reading)
    assert {"Kyiv", "Israel"} <= {mention.text for mention in reading.mentions}


WORDS = [
    ("Go there now.", ["Go", "there", "now", "."]),
    (f"Go {'x' * 501} now", ["Go", "x" * 501, "now"]),
    (f"Go {',' * 600}now", ["Go", "," * 600, "now"]),
    (f"See https://x.org/{'a/' * 300}, now", ["See", f"https://x.org/{'a/' * 300},", "now"]),
]


@pytest.mark.parametrize("text, words", WORDS)
def test_words(text: str, words: list[str], nlp: Language) -> None:
    found = documents._words(text, nlp)
    assert [word.text for word in found] == words
    assert all(text[word.at :].startswith(word.text) for word in found)


PATTERNS = [
    "-" * 50_000,
    "\n" * 50_000,
    " " * 50_000,
    "Reporting by A " * 4000,
    "The " * 12_000,
    "first reported by The " * 2000,
]


@pytest.mark.parametrize("text", PATTERNS, ids=lambda text: repr(text[:9]))
def test_credits_and_signatures_of_endless_text(text: str) -> None:
    begun = time.process_time()
    find_credit(article(text))
    sign(article(text))
    assert time.process_time() - begun < 5


# Lists and deep trees. ------------------------------------------------------------------------------------------------

LETTERS = [f"{one}{two}{three}" for one in "bdfgk" for two in "aeiou" for three in "lmnrstvwxz"]
NAMES = [f"Zo{letters}{end}" for letters in LETTERS for end in ("grad", "pol")]
SENTENCES = {
    "list of 500": f"Russia attacked {', '.join(f'the town of {name}' for name in NAMES)} on Tuesday, officials said.",
    "list of states": f"Iran attacked {', '.join(('Russia', 'Israel', 'Syria') * 300)} and Egypt.",
    "said that": "Russia said that " * 900 + "Iran attacked Israel.",
    "and": " and ".join(["Iran attacked Israel"] * 600) + ".",
    "verbs": "Russia " + ", ".join(["attacked", "shelled", "bombed"] * 400) + " and seized Kyiv.",
    "of": "Russia sent " + "a battery of " * 900 + "missiles to Syria.",
    "which": "Iran attacked Israel, " + "which attacked Hamas, " * 500 + "which fled.",
    "whose": "Iran's " * 900 + "army attacked Israel.",
    "no stop": "Russia attacked Kyiv on Monday and Iran sent drones to Hezbollah " * 200,
}


@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES)
def test_endless_sentences(text: str, nlp: Language, catalogue: Catalogue) -> None:
    begun = time.process_time()
    reading = read(article(f"{text}\n\n{FACT}"), nlp, catalogue)
    assert time.process_time() - begun < 30
    check_offsets(reading)
    assert FACT in {one.sentence for one in reading.evidence}


def chain(words: list[str], heads: list[int], dep: str, pos: str = "NOUN", tag: str = "NN") -> Doc:
    """Words that hang on those so many words away."""
    strings = {word: n for n, word in enumerate(("", dep, pos, tag, "ROOT"))}
    rows = documents.numpy.zeros((len(words), len(documents.COLUMNS)), "uint64")
    for column, value in (("TAG", tag), ("POS", pos)):
        rows[:, documents.COLUMNS.index(column)] = strings[value]
    for row, head in zip(rows, heads, strict=True):
        row[documents.COLUMNS.index("HEAD")] = head % (1 << 64)
        row[documents.COLUMNS.index("DEP")] = strings[dep if head else "ROOT"]
    return Doc(words, [True] * len(words), rows, list(strings))


DEPS = ["conj", "appos", "compound", "prep", "xcomp", "relcl", "ccomp", "pcomp"]


@pytest.mark.parametrize("dep", DEPS)
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("pos, tag", [("NOUN", "NN"), ("VERB", "VBN")])
def test_nothing_goes_down_a_tree_by_calling_itself(dep: str, step: int, pos: str, tag: str) -> None:
    size = sys.getrecursionlimit() + 500
    heads = [step] * size
    heads[-1 if step > 0 else 0] = 0
    doc = chain(["of"] * size, heads, dep, pos, tag)
    top, bottom = (doc[-1], doc[0]) if step > 0 else (doc[0], doc[-1])
    assert [token.i for token in top.subtree] == list(range(size))
    assert {top.left_edge.i, top.right_edge.i} == {0, size - 1} and bottom.left_edge is bottom
    assert len(top.conjuncts) in (0, size - 1)
    for token in (top, bottom, doc[size // 2]):
        for slot in (*SLOTS, "of", "by"):
            fill(token, slot)
        assert is_passive(token) in (True, False)
        subject_of(token)
        list(_parts(token))
