"""The rooms of kgraph/ and the arrows between them: how one finds one's way about, as figures.

    python benchmarks/rooms.py [CHECKOUT] [--arrows]

A room is a folder of kgraph/ or a module that lies loose in it. An arrow leads from a room to one that it imports from: when
it is loaded, only inside functions, or only for types (TYPE_CHECKING). kgraph/__init__.py counts as a loose module and is no
room, since whoever enters any room comes through it. A room's floor is the longest way from it down to one that imports
nothing. What is printed: rooms by floor, circles, arrows against the order that the checkout's tests/test_layers.py keeps, and
public functions and classes that more than one module defines (not those of cli/, whose commands are named as people type
them). Nothing is imported, only parsed, so an older checkout or another one can be looked at.
"""

from __future__ import annotations

import argparse
import ast
import sys
import warnings
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

PACKAGE = "kgraph"
FACE = "api"  # the room whose names kgraph/__init__.py gives out
BESIDE = ("benchmarks", "training", "tests")  # folders beside the package that use its rooms
UNNAMED = "cli"  # the names in it are those of commands

When = Literal["loaded", "called", "typed"]  # the strictest first


@dataclass(frozen=True, slots=True)
class Import:
    """A line by which a module imports from another room."""

    target: str
    line: int
    when: When


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the package: where it lies, which other rooms it imports from, the public names that it defines."""

    path: str  # below the package
    room: str  # "" for the package's own __init__.py
    lines: int
    imports: tuple[Import, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class House:
    """All modules of a checkout, and what follows from them."""

    modules: tuple[Module, ...] = field(repr=False)

    @property
    def rooms(self) -> dict[str, list[Module]]:
        """The modules of each room."""
        found = defaultdict[str, list[Module]](list)
        for module in self.modules:
            if module.room:
                found[module.room].append(module)
        return dict(found)

    @property
    def loose(self) -> list[str]:
        """The modules that lie in no folder, kgraph/__init__.py among them."""
        return [module.path for module in self.modules if "/" not in module.path]

    @property
    def arrows(self) -> dict[tuple[str, str], dict[When, list[str]]]:
        """From a room to another: the imports behind the arrow, as places in files."""
        found = defaultdict[tuple[str, str], dict[When, list[str]]](lambda: defaultdict(list))
        for module in self.modules:
            for one in module.imports if module.room else ():
                found[module.room, one.target][one.when].append(f"{PACKAGE}/{module.path}:{one.line}")
        return dict(sorted(found.items()))

    @property
    def circles(self) -> list[list[str]]:
        """Rooms from each of which arrows lead to each other one and back."""
        reached = _reach(self.rooms, self.arrows)
        found = {frozenset(other for other in reached[room] if room in reached[other]) for room in reached}
        return sorted(sorted(circle) for circle in found if circle)

    @property
    def floors(self) -> list[list[str]]:
        """The rooms from the ground up, each above all that it imports from. A circle lies on one floor."""
        reached = _reach(self.rooms, self.arrows)

        def height(room: str) -> int:
            below = [other for other in reached[room] if room not in reached[other]]
            return 1 + max(map(height, below), default=-1)

        heights = {room: height(room) for room in self.rooms}
        return [sorted(room for room in heights if heights[room] == floor) for floor in sorted(set(heights.values()))]

    @property
    def shared_names(self) -> dict[str, list[str]]:
        """Public names that more than one module defines, and where."""
        found = defaultdict[str, list[str]](list)
        for module in self.modules:
            for name in module.names if module.room != UNNAMED else ():
                found[name].append(module.path)
        return {name: paths for name, paths in sorted(found.items()) if len(paths) > 1}

    def upward(self, order: Sequence[str]) -> dict[tuple[str, str], list[str]]:
        """Arrows against an order of the rooms from the bottom up, and the places behind them; unknown rooms are above all."""
        place = {room: number for number, room in enumerate(order)}
        return {
            ends: [place for places in behind.values() for place in places]
            for ends, behind in self.arrows.items()
            if place.get(ends[1], len(place)) > place.get(ends[0], len(place))
        }


def read_house(checkout: Path) -> House:
    """What the files of a checkout say; each is parsed once."""
    package = checkout / PACKAGE
    files = sorted(package.rglob("*.py"))
    rooms = {_room(file.relative_to(package)) for file in files} - {""}
    return House(tuple(_read(file, file.relative_to(package), rooms) for file in files))


def read_beside(checkout: Path, house: House) -> dict[str, set[str]]:
    """The rooms that each folder beside the package imports from."""
    files = {folder: sorted((checkout / folder).rglob("*.py")) for folder in BESIDE}
    return {
        folder: {arrow.target for path in paths for arrow in _arrows(_parse(path.read_text("utf-8"), path), (), house.rooms)}
        for folder, paths in files.items()
    }


def read_order(checkout: Path) -> list[str]:
    """The rooms from the bottom up, as the checkout's own test has them; nothing where it has none."""
    test = checkout / "tests" / "test_layers.py"
    for node in ast.parse(test.read_text(encoding="utf-8")).body if test.exists() else ():
        match node:
            case ast.Assign([ast.Name("ORDER")], ast.Call(ast.Attribute(ast.Constant(str(words)), "split"))):
                return words.split()
    return []


def _room(path: Path) -> str:
    return path.parts[0] if len(path.parts) > 1 else "" if path.stem == "__init__" else path.stem


def _read(file: Path, path: Path, rooms: Container[str]) -> Module:
    text, room = file.read_text(encoding="utf-8"), _room(path)
    tree = _parse(text, file)
    imports = tuple(one for one in _arrows(tree, (PACKAGE, *path.parent.parts), rooms) if one.target != room)
    defined = frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    return Module(path.as_posix(), room, text.count("\n"), imports, defined)


def _parse(text: str, file: Path) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an older checkout's slips are not ours to tell
        return ast.parse(text, str(file))


def _arrows(tree: ast.Module, package: tuple[str, ...], rooms: Container[str]) -> Iterator[Import]:
    for names, line, when in _imports(tree, package, "loaded"):
        for target in sorted({_target(name, rooms) for name in names} - {""}):
            yield Import(target, line, when)


def _target(name: tuple[str, ...], rooms: Container[str]) -> str:
    """The room that a dotted name leads into; "" outside the package, and for its version."""
    if name[0] != PACKAGE or not name[1:]:
        return ""
    return name[1] if name[1] in rooms else FACE if FACE in rooms and not name[1].startswith("_") else ""


def _imports(node: ast.AST, package: tuple[str, ...], when: When) -> Iterator[tuple[list[tuple[str, ...]], int, When]]:
    """Every import below a node: the dotted names that it may mean, its line, and when it happens."""
    match node:
        case ast.Import(names):
            yield [tuple(name.name.split(".")) for name in names], node.lineno, when
        case ast.ImportFrom(module, names, level):
            start = package[: len(package) - level + 1] if level else ()
            source = (*start, *(module.split(".") if module else ()))
            yield [(*source, name.name) for name in names], node.lineno, when
        case ast.If(test=ast.Name("TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            for child in node.body:
                yield from _imports(child, package, "typed")
            for child in node.orelse:
                yield from _imports(child, package, when)
        case _:
            inside: When = "called" if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else when
            for below in ast.iter_child_nodes(node):
                yield from _imports(below, package, inside)


def _reach(rooms: Iterable[str], arrows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """For each room those to which arrows lead at last."""
    reached = {room: set[str]() for room in rooms}
    for source, target in arrows:
        reached[source].add(target)
    for middle in reached:  # Warshall's way
        for room in reached:
            if middle in reached[room]:
                reached[room] |= reached[middle]
    return reached


def _print(house: House, order: Sequence[str], beside: Mapping[str, set[str]], arrows: bool) -> None:
    rooms, found = house.rooms, house.arrows
    sizes = {room: f"{len(modules)} modules, {sum(one.lines for one in modules)} lines" for room, modules in rooms.items()}
    whens = [min(behind, key=("loaded", "called", "typed").index) for behind in found.values()]
    upward, circles, shared = house.upward(order), house.circles, house.shared_names
    for number, floor in reversed(list(enumerate(house.floors))):
        print(f"floor {number}")
        for room in floor:
            targets = [target for source, target in found if source == room]
            print(f"  {room:14} {sizes[room]:26} → {' '.join(targets) or 'nothing'}")
    print(f"\nmodules    {len(house.modules)}, {sum(module.lines for module in house.modules)} lines")
    print(f"rooms      {len(rooms)} on {len(house.floors)} floors, {len(house.loose)} loose modules with __init__.py")
    print(f"arrows     {len(found)}: {whens.count('loaded')} when loaded, {whens.count('called')} only in functions, ", end="")
    print(f"{whens.count('typed')} only for types; beside them", end=" ")
    print(", ".join(f"{len(found)} from {folder}/" for folder, found in beside.items()))
    print(f"circles    {len(circles)}", *(" ↔ ".join(circle) for circle in circles), sep="\n  " if circles else "")
    if unplaced := set(rooms) - set(order) if order else set():
        print(f"not in ORDER: {' '.join(sorted(unplaced))}")
    print(f"upwards    {len(upward) if order else 'no ORDER in tests/test_layers.py'}")
    for (source, target), places in upward.items() if order else ():
        print(f"  {source} → {target}: {', '.join(places)}")
    print(f"names that more than one module defines (but for cli/): {len(shared)}")
    for name, paths in shared.items():
        print(f"  {name:18} {', '.join(paths)}")
    for (source, target), behind in found.items() if arrows else ():
        print(f"{source} → {target}: " + "; ".join(f"{when} {', '.join(places)}" for when, places in behind.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("checkout", nargs="?", type=Path, default=Path(__file__).parent.parent)
    options.add_argument("--arrows", action="store_true", help="each arrow with the lines behind it")
    chosen = options.parse_args(arguments)
    if not (chosen.checkout / PACKAGE).is_dir():
        sys.exit(f"{chosen.checkout}: no folder {PACKAGE} in it; name a checkout")
    house = read_house(chosen.checkout)
    _print(house, read_order(chosen.checkout), read_beside(chosen.checkout, house), chosen.arrows)


if __name__ == "__main__":
    main()
