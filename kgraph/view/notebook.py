"""The page inside a notebook, without any network."""

from __future__ import annotations

import html
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that a notebook displays in a frame of its own, which cannot reach the notebook."""

    page: str = field(repr=False)
    actors: int
    relations: int
    height: int = 720  # pixels

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="allow-scripts allow-downloads" title="kgraph" '
            f'style="width: 100%; height: {self.height}px; border: 1px solid #d9dad6"></iframe>'
        )
