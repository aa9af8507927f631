"""The scoreboard: what counts as right, missed and wrong, on small made-up claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scoring import Scores, compare, found_sheets, gold_sheets, reduced, scores

GOLD = """
article: a.txt
actors:
  - {name: Chad, kind: State}
  - {name: Niger, kind: State}
  - {name: Rapid Support Forces, kind: [Group, Organization], also: [RSF]}
  - {name: Wing Loong, kind: WeaponSystem, optional: true}
claims:
  - {type: SUPPLIES, supplier: [Chad, Chadian army], recipient: Rapid Support Forces, item: Wing Loong, status: [planned, denied]}
  - {type: FIGHTS, a: Chad, b: Niger, status: asserted}
  - {type: THREATENS, agent: Niger, target: Chad, status: asserted, optional: true}
"""


def actor(name: str, kind: str = "State", *aliases: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "aliases": list(aliases)}


def claim(type: str, status: str = "asserted", article: str = "in/a.txt", **roles: Any) -> dict[str, Any]:
    evidence = [{"article": article, "start": n, "status": word} for n, word in enumerate(status.split())]
    fillers = {role: filler if isinstance(filler, list) else [filler] for role, filler in roles.items()}
    return {"type": type, "status": status, "roles": fillers, "evidence": evidence}


CHAD, NIGER, RSF = actor("Chad"), actor("Niger"), actor("RSF", "Group")
SUPPLY = claim("SUPPLIES", "planned", supplier=CHAD, recipient=RSF, item=actor("Wing-Loong", "WeaponSystem"))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "a.yaml"
    path.write_text(GOLD, encoding="utf-8")
    return path


def scored(gold: Path, *lines: dict[str, Any]) -> Scores:
    return scores([gold], lines)


CASES = [  # what was found; right, hit (of 2 required), right with types ignored
    ("both required claims", [SUPPLY, claim("FIGHTS", party=[CHAD, NIGER])], 2, 2, 2),
    ("without direction, either way round", [claim("FIGHTS", party=[NIGER, CHAD])], 1, 1, 1),
    ("the optional claim, which also joins two that fight", [claim("THREATENS", agent=NIGER, target=CHAD)], 1, 0, 1),
    ("the wrong way round", [claim("SUPPLIES", supplier=RSF, recipient=CHAD)], 0, 0, 0),
    ("another type", [claim("FUNDS", agent=CHAD, recipient=RSF)], 0, 0, 1),
    ("another accepted supplier", [claim("SUPPLIES", supplier=actor("the Chadian Army"), recipient=RSF)], 1, 1, 1),
    ("a key role unknown", [claim("SUPPLIES", supplier=CHAD, item=actor("Wing Loong"))], 0, 0, 0),
    ("the same claim with two items counts once", [SUPPLY, claim("SUPPLIES", supplier=CHAD, recipient=RSF)], 1, 1, 1),
    ("an article without gold does not count", [claim("FIGHTS", article="b.txt", party=[CHAD, NIGER])], 0, 0, 0),
]


@pytest.mark.parametrize("lines, right, hit, joined", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_claims(gold: Path, lines: list[dict[str, Any]], right: int, hit: int, joined: int) -> None:
    total = scored(gold, *lines).total
    assert (total["claims", "right"], total["claims", "hit"], total["types ignored", "right"]) == (right, hit, joined)
    assert total["claims", "required"] == 2


def test_a_name_that_fits_two_actors_is_compared_without_its_aliases(gold: Path) -> None:
    mixed = actor("Chad", "State", "Niger")
    assert scored(gold, claim("THREATENS", agent=mixed, target=CHAD)).total["claims", "right"] == 0
    assert scored(gold, claim("FIGHTS", party=[mixed, NIGER])).total["claims", "right"] == 1


@pytest.mark.parametrize(
    "statuses, right", [("planned", 1), ("denied", 1), ("asserted", 0), ("asserted planned planned", 1), ("asserted planned", 0)]
)
def test_the_status_is_the_most_frequent_or_else_the_first(gold: Path, statuses: str, right: int) -> None:
    result = scored(gold, SUPPLY | {"evidence": claim("SUPPLIES", statuses)["evidence"]})
    assert (result.total["status", "share"], result.total["status", "of"]) == (right, 1)
    assert any(miss.what == "wrong status" for miss in result.misses) == (not right)


def test_further_roles_count_where_gold_has_some(gold: Path) -> None:
    other = claim("SUPPLIES", "planned", supplier=CHAD, recipient=RSF, item=actor("Mohajer-6", "WeaponSystem"))
    fight = claim("FIGHTS", party=[CHAD, NIGER])
    assert [scored(gold, line, fight).share("further roles") for line in (SUPPLY, other)] == [1.0, 0.0]


def test_actors_need_their_kind(gold: Path) -> None:
    lines = [{"actor": one, "articles": ["a.txt"]} for one in (CHAD, actor("Niger", "Place"), RSF, actor("Chadian army"))]
    result = scored(gold, *lines)
    total = result.total
    assert [total["actors", what] for what in ("found", "right", "required", "hit")] == [4, 3, 3, 2]
    assert {miss.label for miss in result.misses if miss.what.endswith("actor")} == {"Niger (Place)", "Niger"}


def test_types_and_statuses_have_figures_of_their_own(gold: Path) -> None:
    total = scored(gold, SUPPLY, claim("FUNDS", agent=CHAD, recipient=RSF)).total
    assert (total["type SUPPLIES", "hit"], total["type FUNDS", "found"], total["type FUNDS", "right"]) == (1, 1, 0)
    assert (total["status planned", "required"], total["status planned", "hit"], total["status planned", "share"]) == (1, 1, 1)


def test_the_interval_is_the_same_every_time_and_holds_the_figure(gold: Path) -> None:
    good, bad = scored(gold, SUPPLY), scored(gold)
    both = Scores({"good": good.counts["a.txt"], "bad": bad.counts["a.txt"]}, ())
    low, high = both.interval()
    assert both.interval() == (low, high) and low == 0.0 < both.f1() < high == good.f1()


@pytest.mark.parametrize("name, same", [("The Hague", "hague"), ("Jama'at Nuṣrat", "jamaatnusrat"), ("P-8A", "p8a")])
def test_names_are_compared_without_what_varies(name: str, same: str) -> None:
    assert reduced(name) == same


@pytest.mark.parametrize(
    "good, bad", [("FIGHTS", "FIGHT"), ("a: Chad", "party: Chad"), ("status: asserted", "status: said"), ("kind: State", "kind: Nation")]
)
def test_a_mistake_in_a_gold_file_names_the_file(gold: Path, good: str, bad: str) -> None:
    gold.write_text(GOLD.replace(good, bad), encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.yaml: .*none of"):
        gold_sheets([gold])


def test_an_article_in_which_nothing_was_found_is_missed_whole(gold: Path) -> None:
    sheets = gold_sheets([gold])
    sheet, listed = sheets["a.txt"]
    counts, misses = compare("a.txt", sheet, found_sheets([], {"a.txt": listed})["a.txt"])
    assert counts["claims", "required"] == 2 and counts["claims", "hit"] == 0
    assert [miss.what for miss in misses] == ["missed claim"] * 2 + ["missed actor"] * 3
