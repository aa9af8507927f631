"""How surely a claim is right: by its frames, by the encoder, by both; and readings of a sentence that exclude each other."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast, find_cast
from kgraph.reading.claims import candidates_in
from kgraph.reading.claims.choice import choose
from kgraph.reading.claims.frames import find_matches
from kgraph.reading.claims.roles import Match
from kgraph.reading.claims.scores import FLOOR, features_of, load_scores, score_of, share_of
from kgraph.reading.claims.vocabulary import frames, loose_frame
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.records import Article
from kgraph.trust import LEVELS


@pytest.fixture(scope="module")
def supports(nlp: Language, catalogue: Catalogue) -> Match:
    """ "Iran supports Hezbollah", as a frame reads it."""
    document = read_document(Article("a", "1", "", "Iran supports Hezbollah."), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    (match,) = find_matches(document, cast, catalogue)
    assert match.type == "SUPPORTS"
    return match


def seen(match: Match, name: str, likely: float, turned: bool = False) -> Match:
    """The same two actors as the encoder sees them: in a claim of a type."""
    frame = loose_frame(name, "encoder")
    (_, one), (_, other) = match.fillers[:2]
    one, other = (other, one) if turned else (one, other)
    first, second = frame.relation.key_roles
    return replace(
        match, reader="encoder", frame=frame, fillers=((first, one), (second, other)), likely=likely, required=0.9
    )


def chosen(matches: list[Match]) -> list[tuple[str, str, float]]:
    """What stands of them: by whom, of which type, how surely."""
    found = choose(candidates_in(matches, Cast({}, {}, ()), weighed=True))
    return [(match.reader, match.type, score) for match, score in found]


def test_the_file_names_frames_that_there_are() -> None:
    known = {frame.name for found in frames().values() for frame in found}
    scores = load_scores()
    assert scores.frames and scores.frames.keys() <= known
    assert all(0 < share < 1 for share in (*scores.frames.values(), scores.other_frames))


def test_without_the_encoder_a_claim_is_as_sure_as_its_best_frame() -> None:
    known = load_scores().frames
    low, high = sorted(known, key=lambda name: known[name])[:: len(known) - 1]
    assert score_of((low,), None, None) == round(known[low], 3)
    assert score_of((low, high), None, None) == round(known[high], 3)
    assert share_of("SUPPORTS verb 99") == load_scores().other_frames


def test_the_regression_is_over_logits() -> None:
    half = features_of(0.5, 0.5, 0.5)
    assert half == {"bias": 1.0, "likely": 0.0, "required": 0.0, "frame": 1.0, "frame_share": 0.0, "frame_likely": 0.0}
    alone = features_of(0.0, 0.9, None)
    assert alone["likely"] == pytest.approx(math.log(9)) and alone["required"] == alone["frame"] == alone["frame_likely"] == 0
    assert features_of(0.8, 1.0, 0.0)["likely"] == pytest.approx(math.log(0.998 / 0.002)) == -features_of(0.8, 1.0, 0.0)["required"]
    weights = load_scores().weights
    frame = next(iter(load_scores().frames))
    total = sum(weights[name] * value for name, value in features_of(share_of(frame), 0.7, 0.4).items())
    weighed, share = 1 / (1 + math.exp(-total)), share_of(frame)
    assert score_of((frame,), 0.7, 0.4) == round(max(weighed, (weighed + share) / 2), 3)
    assert score_of((), 0.5, 0.5) == round(1 / (1 + math.exp(-weights["bias"])), 3)


def test_what_the_encoder_finds_likelier_is_surer() -> None:
    alone = [score_of((), likely, 0.5) for likely in (0.02, 0.2, 0.5, 0.8, 0.99)]
    assert alone == sorted(alone) and alone[0] < FLOOR and alone[-1] > LEVELS["likely"]
    frame = max(load_scores().frames, key=lambda name: load_scores().frames[name])
    both = [score_of((frame,), likely, 0.5) for likely in (0.02, 0.2, 0.5, 0.8, 0.99)]
    assert both == sorted(both) and all(b > a for a, b in zip(alone, both, strict=True))


def test_a_claim_of_both_readers_is_one_and_the_frame_is_named(supports: Match) -> None:
    (only,) = chosen([supports, seen(supports, "SUPPORTS", 0.9)])
    assert only == ("frames", "SUPPORTS", score_of((supports.frame.name,), 0.9, 0.9))
    assert chosen([seen(supports, "SUPPORTS", 0.9)]) == [("encoder", "SUPPORTS", score_of((), 0.9, 0.9))]


def test_the_better_of_two_views_of_one_pair_counts(supports: Match) -> None:
    assert chosen([seen(supports, "SUPPORTS", 0.7), seen(supports, "SUPPORTS", 0.9)]) == [
        ("encoder", "SUPPORTS", score_of((), 0.9, 0.9))
    ]
    (one,) = chosen([seen(supports, "ALLIED_WITH", 0.9), seen(supports, "ALLIED_WITH", 0.8, turned=True)])
    assert one == ("encoder", "ALLIED_WITH", score_of((), 0.9, 0.9))


@pytest.mark.parametrize(
    "name, turned, stands",
    [
        ("ATTACKS", False, False),  # supports and attacks
        ("SUPPORTS", True, False),  # both ways
        ("SANCTIONS", True, False),
        ("MEETS_WITH", False, True),
        ("SUPPLIES", False, True),
    ],
)
def test_readings_that_exclude_each_other_do_not_both_stand(name: str, turned: bool, stands: bool, supports: Match) -> None:
    found = chosen([seen(supports, "SUPPORTS", 0.995), seen(supports, name, 0.99, turned)])
    assert [type_ for _, type_, _ in found] == ["SUPPORTS", name]
    first, second = (score for *_, score in found)
    assert first >= LEVELS["likely"] and (second >= LEVELS["likely"]) == stands and second >= FLOOR


def test_what_is_hardly_likely_is_not_kept(supports: Match) -> None:
    assert chosen([seen(supports, "SUPPORTS", 0.03)]) == []
