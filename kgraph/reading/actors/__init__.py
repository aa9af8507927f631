"""Names → the article's own actors, and which of them every noun phrase stands for.

Names of one catalogue entry are one actor; a name that the catalogue lacks is one by its fullest form. Owners ("Syrian
bases"), appositions ("Hezbollah, the Lebanese group,"), relative pronouns, pronouns and descriptions ("the group", "both
sides") are bound inside the article, and only where kind and grammar agree: a wrong antecedent is worse than none.
"""

from __future__ import annotations

from dataclasses import replace

from kgraph.catalogue import Catalogue
from kgraph.reading.actors.descriptions import described
from kgraph.reading.actors.names import add_names
from kgraph.reading.actors.owners import add_appositions, add_led, add_owners, add_people, bind_owned
from kgraph.reading.actors.pairs import pair
from kgraph.reading.actors.pronouns import bind_relative, is_relative, meant
from kgraph.reading.actors.scene import Cast, Reference, Scene
from kgraph.reading.actors.speakers import add_speakers
from kgraph.reading.actors.words import kinds_described, words
from kgraph.reading.documents import Document
from kgraph.reading.mentions import Name
from kgraph.reading.tokens import Token
from kgraph.records import Kind

__all__ = ["Cast", "Reference", "find_cast"]


def find_cast(document: Document, names: tuple[Name, ...], catalogue: Catalogue) -> Cast:
    """The article's actors, with everything in the text that stands for them."""
    scene = Scene(document, catalogue)
    scene.sentences = document.doc.sentence_numbers()
    add_names(scene, names)
    parts = [range(*part) for part in document.doc.parts]
    for part in parts:
        add_owners(scene, part)
        add_people(scene, part)
    for part in parts:
        add_led(scene, part)
        add_appositions(scene, part)
        for i in part:
            _bind(scene, i)
    add_speakers(scene)
    actors = {local: replace(a, forms=tuple(dict.fromkeys(scene.forms[local]))) for local, a in scene.actors.items()}
    return Cast(actors, scene.at, tuple(scene.mentions))


def _bind(scene: Scene, i: int) -> None:
    """What a token stands for, and that it was spoken of."""
    token = scene.document.doc[i]
    if i in scene.named:
        scene.note(token, scene.named[i].local)
    elif i in scene.at:
        if found := _rather_described(scene, token):
            scene.at[i] = tuple(Reference(local, i, i + 1, "reference", "description") for local in found)
        for reference in scene.at[i]:
            if reference.use in ("owner", "description"):
                scene.note(token, reference.local)
    elif is_relative(token):
        bind_relative(scene, token)
    elif found := pair(scene, token) or meant(scene, token) or described(scene, token):
        use = "pronoun" if token.pos_ == "PRON" or token.tag_ == "PRP$" else "description"
        scene.at[i] = tuple(Reference(local, i, i + 1, "reference", use) for local in found)
        for local in found:
            scene.note(token, local)
        bind_owned(scene, token)


def _rather_described(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "The Turkish president", "the German bank": who is called so, rather than the state."""
    owned = all(reference.use == "owner" for reference in scene.at[token.i])
    whole = token.tag_ == "NN" or token.lemma_.lower() in words("crowds")
    one = whole and Kind.STATE not in kinds_described(token)
    return described(scene, token) if owned and one else ()
