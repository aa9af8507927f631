"""Text → the language that it is in. Only English is read."""

from __future__ import annotations

import unicodedata


def find_language(text: str) -> str:
    """The language of a text as two letters; very short texts count as English."""
    import py3langid

    plain = " ".join(text.split())[:5000]
    letters = sum(char.isalpha() for char in plain[:400])
    if letters < 50:
        latin = sum("LATIN" in unicodedata.name(char, "") for char in plain if char.isalpha())
        return "en" if latin * 2 >= letters else "other"
    return str(py3langid.classify(plain.lower() if plain.isupper() else plain)[0])
