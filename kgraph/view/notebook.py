"""The page inside a notebook, without any network."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

from kgraph.decisions import load_decisions
from kgraph.folder import Folder
from kgraph.lookup import resolve
from kgraph.view import picture
from kgraph.view.page import page


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as a notebook displays it: in a frame of its own, which cannot reach the notebook."""

    page: str
    height: int

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="allow-scripts allow-downloads" title="kgraph" '
            f'style="width: 100%; height: {self.height}px; border: 1px solid #d9dad6"></iframe>'
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph folder, to be looked at in a notebook: `Graph(folder).show(about="Hezbollah")`."""

    folder: Path

    def show(
        self,
        about: str | None = None,
        *,
        hops: int = 1,
        realised: bool = False,
        roll_up: str | None = None,
        height: int = 720,
    ) -> Shown:
        """The graph, or what is near an actor, as `kgraph view` writes it."""
        folder = Path(self.folder)
        with Folder(folder).read() as db:
            actor = resolve(db, about) if about else None
            made = load_decisions(Folder(folder).decisions)
            drawn = picture(db, title=folder.stem, about=actor, hops=hops, realised=realised, level=roll_up, made=made)
        return Shown(page(drawn), height)
