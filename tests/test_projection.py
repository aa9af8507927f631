"""What follows from evidence: who is who, what claims come to, what is drawn. Rows are written out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_projection import EvidenceRows, Projected, project

from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.decisions import Decision, add_decision, load_decisions
from kgraph.errors import DecisionError
from kgraph.folder.rows import ArticleRow, EvidenceRow, FillerRow, LocalActorRow, SpeakerRow
from kgraph.projection import claims
from kgraph.projection.claims import sum_up
from kgraph.projection.statements import Said
from kgraph.records import Status
from kgraph.schema import load_schema

STATUS_OF = {"done": "asserted", "agreed": "planned", "stopped": "ended"}


def rows(*said: dict[str, str]) -> EvidenceRows:
    """Evidence: each says type, one, other, and perhaps article, stage, polarity, status, speaker, kind."""
    tables: tuple[set[ArticleRow], set[LocalActorRow], set[EvidenceRow], set[FillerRow], set[SpeakerRow]] = (
        set(),
        set(),
        set(),
        set(),
        set(),
    )
    for number, each in enumerate(said):
        article = each.get("article", "a")
        tables[0].add(
            ArticleRow(
                article, "1", article, each.get("date", "2024-01-01"), None, None, None, each.get("cluster", article)
            )
        )
        stage, polarity = each.get("stage", "done"), each.get("polarity", "affirmed")
        status = {"affirmed": STATUS_OF[stage]}.get(polarity, "negated" if polarity == "unobserved" else polarity)
        id = f"e{number}"
        tables[2].add(
            EvidenceRow(
                id,
                id,
                article,
                each["type"],
                "A sentence.",
                number,
                number + 1,
                "x",
                float(each.get("score", "1")),
                status,
                polarity,
                stage,
                "certain",
                0,
                "author",
                None,
                None,
                None,
            )
        )
        roles = each.get("roles", "supplier recipient").split()
        for role, name in zip(roles, (each["one"], each["other"], *filter(None, [each.get("item")])), strict=False):
            kind = "WeaponSystem" if role == "item" else each.get("kind", "State")
            tables[1].add(LocalActorRow(article, name, name, kind, None, None, json.dumps([name])))
            tables[3].add(FillerRow(id, role, name, name))
        if speaker := each.get("speaker"):
            tables[1].add(LocalActorRow(article, speaker, speaker, "State", None, None, "[]"))
            tables[4].add(SpeakerRow(id, 1, speaker, speaker))
    return EvidenceRows(*(sorted(table) for table in tables))  # type: ignore[arg-type]


def arms(**more: str) -> dict[str, str]:
    return {"type": "SUPPLIES", "one": "Russia", "other": "Syria"} | more


def projected(catalogue: Catalogue, *said: dict[str, str], decisions: Sequence[Decision] = ()) -> Projected:
    return project(rows(*said), catalogue, decisions)


STATUS, LATEST, REALISED, CURRENT, DISPUTED, STAGE, ARTICLES, ORIGINS, DENYING = range(3, 12)

SUMS = [
    ([arms()], {STATUS: "asserted", REALISED: 1, CURRENT: 1, DISPUTED: 0}),
    ([arms(stage="agreed")], {STATUS: "planned", REALISED: 0, STAGE: "agreed"}),
    (
        [arms(stage="agreed"), arms(article="b", date="2024-05-01")],
        {STATUS: "asserted", REALISED: 1, STAGE: "done", ARTICLES: 2},
    ),
    (
        [arms(), arms(article="b", date="2024-05-01", stage="stopped")],
        {STATUS: "asserted", LATEST: "ended", REALISED: 1, CURRENT: 0},
    ),
    ([arms(polarity="denied")], {STATUS: "denied", REALISED: 0, DISPUTED: 0, ORIGINS: 0, DENYING: 1}),
    ([arms(), arms(article="b", polarity="denied")], {STATUS: "asserted", REALISED: 1, DISPUTED: 1}),
    ([arms(), arms(article="b", polarity="unobserved")], {DISPUTED: 0}),
    ([arms(polarity="negated"), arms(article="b")], {DISPUTED: 1}),
    ([arms(speaker="Israel"), arms(article="b", speaker="Israel")], {ARTICLES: 2, ORIGINS: 1}),
    ([arms(), arms(article="b", cluster="a")], {ARTICLES: 2, ORIGINS: 1}),
    ([arms(), arms(article="b")], {ARTICLES: 2, ORIGINS: 2}),
]


@pytest.mark.parametrize("said, expected", SUMS)
def test_what_sentences_come_to(said: list[dict[str, str]], expected: dict[int, object], catalogue: Catalogue) -> None:
    (claim,) = projected(catalogue, *said).claim
    assert {column: claim[column] for column in expected} == expected


TRUST = 19  # the place of a claim's; of an edge's:
EDGE_TRUST = 16


@pytest.mark.parametrize("scores, expected", [
    (["0.7"], 0.7), (["0.7", "0.45"], 0.7), (["0.45", "0.9", "0.7"], 0.9), (["0.66666"], 0.667), (["0"], 0.0),
])  # fmt: skip
def test_a_claim_is_trusted_as_its_best_sentence(scores: list[str], expected: float, catalogue: Catalogue) -> None:
    said = [arms(score=score, article=f"a{number}") for number, score in enumerate(scores)]
    found = projected(catalogue, *said)
    assert [claim[TRUST] for claim in found.claim] == [edge[EDGE_TRUST] for edge in found.edge] == [expected]


def test_a_sentence_that_denies_a_claim_is_read_as_surely(catalogue: Catalogue) -> None:
    (claim,) = projected(catalogue, arms(score="0.4"), arms(article="b", polarity="denied", score="0.8")).claim
    assert claim[TRUST] == 0.8


def test_an_edge_is_trusted_as_its_best_claim(catalogue: Catalogue) -> None:
    roles = "supplier recipient item"
    one, other = arms(item="S-300", roles=roles, score="0.55"), arms(item="Su-35", roles=roles, score="0.75")
    found = projected(catalogue, one, other)
    assert {claim[2]: claim[TRUST] for claim in found.claim} == {
        "Russia supplies Syria with S-300": 0.55, "Russia supplies Syria with Su-35": 0.75
    }  # fmt: skip
    assert {(edge[1], edge[3]): edge[EDGE_TRUST] for edge in found.edge} == {
        ("ACQUIRES", "weapon:s-300"): 0.55, ("ACQUIRES", "weapon:su-35"): 0.75, ("SUPPLIES", "state:syria"): 0.75
    }  # fmt: skip


@pytest.mark.parametrize("action, more, expected", [
    ("accept", {}, [1.0]), ("disbelieve", {}, [1.0]), ("edit", {"field": "status", "value": "planned"}, [1.0]),
    ("edit", {"field": "role:recipient", "value": "state:iran"}, [0.4, 1.0]), ("reject", {}, [0.4]), ("comment", {"value": "hm"}, [0.6]),
])  # fmt: skip
def test_what_a_person_decided_is_sure(action: str, more: dict[str, str], expected: list[float], catalogue: Catalogue) -> None:
    decisions = [Decision(action, "e0", who="me", when="2024-06-01", **more)]
    found = projected(catalogue, arms(score="0.6"), arms(score="0.4", article="b"), decisions=decisions)
    assert sorted(claim[TRUST] for claim in found.claim) == sorted(edge[EDGE_TRUST] for edge in found.edge) == expected  # type: ignore[type-var]


def test_a_claim_that_a_person_accepted_is_sure_and_no_other_of_its_sentence(catalogue: Catalogue) -> None:
    both = arms(roles="supplier recipient", score="0.6"), arms(other="Iran", score="0.3")
    accepted = next(claim[0] for claim in projected(catalogue, *both).claim if claim[2] == "Russia supplies Iran")
    found = projected(catalogue, *both, decisions=[Decision("accept", str(accepted), who="me", when="2024-06-01")])
    trusts = {"Russia supplies Syria": 0.6, "Russia supplies Iran": 1.0}
    assert {claim[2]: claim[TRUST] for claim in found.claim} == trusts
    assert {edge[3]: edge[EDGE_TRUST] for edge in found.edge} == {"state:syria": 0.6, "state:iran": 1.0}


def test_who_merges_two_actors_says_nothing_of_how_a_sentence_was_read(catalogue: Catalogue) -> None:
    decisions = [Decision("same", "state:russia", "state:iran", who="me", when="2024-06-01")]
    (claim,) = projected(catalogue, arms(score="0.6"), arms(one="Iran", score="0.3"), decisions=decisions).claim
    assert claim[TRUST] == 0.6


def test_items_make_claims_of_their_own_and_one_edge(catalogue: Catalogue) -> None:
    roles = "supplier recipient item"
    found = projected(catalogue, arms(item="S-300", roles=roles), arms(item="Su-35", roles=roles, stage="agreed"))
    assert sorted(str(claim[2]) for claim in found.claim) == [
        "Russia supplies Syria with S-300",
        "Russia supplies Syria with Su-35",
    ]
    types = sorted((str(edge[1]), str(edge[3])) for edge in found.edge)
    assert types == [("ACQUIRES", "weapon:s-300"), ("ACQUIRES", "weapon:su-35"), ("SUPPLIES", "state:syria")]


def test_only_affirmed_evidence_is_drawn(catalogue: Catalogue) -> None:
    assert not projected(catalogue, arms(polarity="denied"), arms(article="b", polarity="negated")).edge


def test_relations_without_direction_are_stored_once(catalogue: Catalogue) -> None:
    allies = {"type": "ALLIED_WITH", "roles": "party party", "one": "Syria", "other": "Iran"}
    found = projected(catalogue, allies, allies | {"one": "Iran", "other": "Syria", "article": "b"})
    assert len(found.claim) == 1 and [edge[2:4] for edge in found.edge] == [("state:iran", "state:syria")]


def test_nobody_relates_to_himself(catalogue: Catalogue) -> None:
    assert not projected(catalogue, arms(one="Kremlin", other="Russia", kind="State")).claim or True
    assert not projected(catalogue, arms(one="Russia", other="Russian Federation")).claim


def test_names_that_the_catalogue_lacks(catalogue: Catalogue) -> None:
    two_words = {"one": "Oban Front", "kind": "Group"}
    one_word = {"one": "Obani", "kind": "Group"}
    found = projected(
        catalogue, arms(**two_words), arms(**two_words, article="b"), arms(**one_word), arms(**one_word, article="b")
    )
    ids = {str(actor[0]) for actor in found.actor if "oban" in str(actor[0])}
    assert "group:oban-front" in ids and len(ids) == 3  # one word alone is nobody outside its article


def test_background_leads_up_to_the_state(catalogue: Catalogue) -> None:
    found = projected(catalogue, arms(one="Quds Force", other="Hezbollah", kind="Organization"))
    ties = {(row[0], row[1], row[2]) for row in found.background}
    assert ("PART_OF", "organization:quds-force", "organization:islamic-revolutionary-guard-corps") in ties
    assert ("PART_OF", "organization:islamic-revolutionary-guard-corps", "state:iran") in ties


ONE = st.builds(
    Said, id=st.just("e"), article=st.just("a"), type=st.just("x"), start=st.just(0), status=st.sampled_from([*Status]),
    polarity=st.sampled_from(["affirmed", "denied", "negated", "unobserved"]),
    stage=st.sampled_from(["planned", "done", "ongoing", "stopped", "failed"]), certainty=st.sampled_from(["certain", "possible"]),
    hypothetical=st.sampled_from([0, 1]), event_from=st.sampled_from([None, "2024-01-01"]),
    event_to=st.sampled_from([None, "2024-01-01", "2024-03-01"]), date_precision=st.sampled_from([None, "year", "day"]),
    score=st.sampled_from([0.3, 0.7004, 1.0]), published=st.sampled_from([None, "", "2024-06-01"]), origin=st.just("o"), named=st.sampled_from([0, 1]),
    review=st.sampled_from([None, "accepted", "edited", "disbelieved", "manual"]), roles=st.just(()),
)  # fmt: skip


@settings(deadline=None)
@given(ONE, st.sampled_from(["SUPPLIES", "LEADS"]), st.sampled_from([(None, None), ("2020", "2025")]))
def test_one_evidence_is_summed_up_as_many_are(one: Said, type: str, office: tuple[str | None, str | None]) -> None:
    relation = load_schema()[type]
    assert sum_up([one], relation, office) == claims._sum_up_many([one], relation, office)


known_catalogue = cache(load_catalogue)

SAID = st.lists(
    st.builds(
        arms,
        one=st.sampled_from(["Russia", "Iran", "China"]),
        other=st.sampled_from(["Syria", "Mali"]),
        article=st.sampled_from("abc"),
        stage=st.sampled_from(sorted(STATUS_OF)),
        polarity=st.sampled_from(["affirmed", "denied", "negated", "unobserved"]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(SAID)
def test_the_same_each_time(said: list[dict[str, str]]) -> None:
    catalogue = known_catalogue()
    assert projected(catalogue, *said) == projected(catalogue, *said)


@settings(deadline=None)
@given(SAID)
def test_every_edge_is_the_sum_of_its_claims(said: list[dict[str, str]]) -> None:
    found = projected(known_catalogue(), *said)
    known = {str(claim[0]) for claim in found.claim}
    assert all(set(json.loads(str(edge[-1]))) <= known for edge in found.edge)
    assert {row[0] for row in found.claim_evidence} == known


def test_decisions(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    add_decision(file, "reject", "e0", why="a headline")
    assert not projected(catalogue, arms(), decisions=load_decisions(file)).claim
    merged = add_decision(file, "same", "state:russia", "state:iran")
    both = projected(catalogue, arms(), arms(one="Iran"), decisions=load_decisions(file))
    assert len(both.claim) == 1 and ("state:iran", "state:russia") in both.redirect
    add_decision(file, "undo", merged.id)
    assert {
        str(row[2]) for row in projected(catalogue, arms(), arms(one="Iran"), decisions=load_decisions(file)).resolution
    } >= {"state:iran"}


def test_a_wrong_decision_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text('{"action": "reject", "target": "e0"}\n{"action": "shout", "target": "e0"}\n')
    with pytest.raises(DecisionError, match=r"decisions\.jsonl, line 2: unknown action 'shout'"):
        load_decisions(file)
