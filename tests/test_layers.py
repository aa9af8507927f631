"""kgraph/ is a house whose rooms one can find: imports point one way, down the flow, and little lies loose."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import rooms
from rooms import House, read_house, read_order

# From the bottom up; a room imports only from rooms before its own, also in functions and for types alone.
ORDER = """errors processes safe_text files records schema trust catalogue articles samples copies reading decisions folder projection
    lookup graph build cluster review export view serve api cli""".split()
MOST_LOOSE = 9  # modules beside the folders


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(Path(str(files("kgraph"))).parent)


def test_every_room_has_its_place(house: House) -> None:
    assert sorted(house.rooms) == sorted(ORDER)


def test_imports_point_down(house: House) -> None:
    assert not house.upward(ORDER)


def test_no_rooms_go_in_circles(house: House) -> None:
    assert not house.circles


def test_few_modules_lie_loose(house: House) -> None:
    assert len(house.loose) <= MOST_LOOSE, house.loose


def test_every_arrow_is_seen(tmp_path: Path) -> None:
    house = build_house(
        tmp_path,
        {
            "__init__.py": "from kgraph.api import Graph\n",
            "api.py": "from kgraph import wall\nimport os, kgraph.bath.tub\n",
            "wall.py": "from os import path\nfrom elsewhere import kgraph\n",
            "bath/__init__.py": "from .tub import water\nfrom ..wall import stone\nclass Bath:\n    import kgraph.tiles\n",
            "bath/tub.py": "def water():\n    if True:\n        from kgraph.wall import pipe\n",
            "tiles.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kgraph import wall\nelse:\n    import kgraph.cup\n",
            "cup.py": "async def pour():\n    from kgraph import Graph, __version__\n",
        },
    )
    assert {ends: {when: len(places) for when, places in behind.items()} for ends, behind in house.arrows.items()} == {
        ("api", "bath"): {"loaded": 1},
        ("api", "wall"): {"loaded": 1},
        ("bath", "tiles"): {"loaded": 1},
        ("bath", "wall"): {"loaded": 1, "called": 1},
        ("cup", "api"): {"called": 1},
        ("tiles", "cup"): {"loaded": 1},
        ("tiles", "wall"): {"typed": 1},
    }
    assert house.circles == [["api", "bath", "cup", "tiles"]]
    assert house.floors == [["wall"], ["api", "bath", "cup", "tiles"]]
    assert house.upward(["wall", "cup", "tiles", "bath", "api"]) == {("cup", "api"): ["kgraph/cup.py:2"]}
    assert house.upward(["cup", "tiles", "bath", "api"]).keys() == {("cup", "api"), ("api", "wall"), ("bath", "wall"), ("tiles", "wall")}
    assert house.loose == ["__init__.py", "api.py", "cup.py", "tiles.py", "wall.py"]


def test_names_that_two_modules_define(tmp_path: Path) -> None:
    house = build_house(
        tmp_path,
        {
            "bath/__init__.py": "from kgraph.bath.tub import fill\ndef wash(): ...\ndef _dry(): ...\nclass Tap:\n    def turn(self): ...\n",
            "bath/tub.py": "def fill(): ...\nasync def wash(): ...\ndef _dry(): ...\ndef turn(): ...\n",
            "cli/show.py": "def fill(): ...\n",
        },
    )
    assert house.shared_names == {"wash": ["bath/__init__.py", "bath/tub.py"]}


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    checkout = Path(__file__).parent.parent
    assert read_order(checkout) == ORDER
    rooms.main([str(checkout), "--arrows"])
    out = capsys.readouterr().out
    assert f"rooms      {len(ORDER)} on" in out
    assert "schema → records: loaded kgraph/schema.py:" in out


def test_a_folder_without_kgraph(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no folder kgraph in it; name a checkout"):
        rooms.main([str(tmp_path)])


def build_house(folder: Path, modules: dict[str, str]) -> House:
    for path, text in modules.items():
        file = folder / "kgraph" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return read_house(folder)
