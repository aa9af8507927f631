"""One offline HTML page: pyvis carries the drawing library, the scripts beside this file do the rest."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from importlib.resources import files

from kgraph.errors import KgraphError
from kgraph.view import Picture
from kgraph.view.layout import communities, places
from kgraph.view.legend import legend

# From the bottom up: each imports only from those before it. `app` is used by some of them once all are there.
SHARED = (
    "state.js",
    "measures.js",
    "draw.js",
    "elements.js",
    "panel.js",
    "controls.js",
    "table.js",
    "exports.js",
    "app.js",
)

# pyvis's page asks two CDNs for Bootstrap, and carries a comment with two more links
_FROM_OUTSIDE = re.compile(
    r"<!--\s*<link.*?-->|<(?:link|script)\b[^>\"'=]*\b(?:rel=\"\w+\"\s+)?(?:href|src)=[^>]*>(?:\s*</script>)?", re.S
)
_WIDTH = '<meta name="viewport" content="width=device-width, initial-scale=1">'  # else a phone shows it tiny
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S)


def page(picture: Picture) -> str:
    """The page as text."""
    html = _FROM_OUTSIDE.sub("", _carrier())
    html = re.sub(r"<center>\s*<h1></h1>\s*</center>", "", html)
    html = html.replace("<html>", '<!doctype html>\n<html lang="en">', 1)
    html = html.replace("</head>", f"<style>{part('view.css')}</style>\n</head>", 1)
    html = html.replace("<body>", f"<body>\n{part('body.html')}", 1)
    data = _packed({"picture": placed(picture), "legend": legend()})
    end = f'<script type="text/plain" id="kgraph-data">{data}</script>\n<script type="module">{_scripts()}</script>\n</body>'
    html = end.join(html.rsplit("</body>", 1))
    if outside := _FROM_OUTSIDE.search(html):
        raise KgraphError(
            f"the page would load something from outside ({outside.group()}): another pyvis than 0.3.2 is installed"
        )
    return html.replace("<head>", f"<head>\n{_policy(html)}\n{_WIDTH}", 1)


def placed(picture: Picture) -> Picture:
    """The picture with a place and a community for every actor."""
    ids = [actor["id"] for actor in picture["actors"]]
    pairs = {(edge["source"], edge["target"]) for edge in picture["edges"]}
    groups = communities(ids, pairs)
    at = places(ids, pairs, groups)
    actors = [actor | {"place": at[actor["id"]], "community": groups[actor["id"]]} for actor in picture["actors"]]
    return {**picture, "actors": actors}


def part(name: str) -> str:
    return files("kgraph.view").joinpath(name).read_text(encoding="utf-8")


def _carrier() -> str:
    """pyvis's page of an empty network; draw.js fills it, as it does in the explorer."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line", height="100%")
    net.options = {"physics": {"enabled": False}}
    return str(net.generate_html(notebook=False))


def _scripts() -> str:
    """The modules as one: their imports are not needed where all stand in one scope."""
    text = "\n".join(part(name) for name in (*SHARED, "page.js"))
    return re.sub(r"^export ", "", re.sub(r"^import .*$\n?", "", text, flags=re.M), flags=re.M)


def _packed(value: object) -> str:
    """The data, a third as large and, in base64, unable to end the element it stands in, whatever an article says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "surrogatepass"), 9, mtime=0)).decode()


def _policy(html: str) -> str:
    """A second wall: only the scripts that this page was written with run, and nothing is loaded."""
    texts = [text for attributes, text in _SCRIPT.findall(html) if "text/plain" not in attributes]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in texts)
    rules = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}; form-action \'none\'">'
