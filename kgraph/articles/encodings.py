"""Bytes → text: UTF-8, UTF-16, UTF-32 or Windows-1252, and what a web page declares. What is no text is named."""

from __future__ import annotations

import codecs
import re

from kgraph.errors import ArticleError


def text_of(data: bytes, otherwise: str = "cp1252") -> str:
    """Text from UTF-8, UTF-16, UTF-32 or Windows-1252. Raises ArticleError for what is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    zeros = data[:4000].count(0)
    if zeros and abs(zeros * 2 - len(data[:4000])) < len(data[:4000]) * 0.2:
        return _decoded(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    if zeros or len(re.findall(rb"[\x00-\x08\x0e-\x1f]", data[:4000])) > 2:
        raise ArticleError("binary, no text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise ArticleError(f"damaged or cut off text (utf-8): {error.reason} at byte {error.start}") from error
        return _decoded(data, otherwise)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether more of what is not ASCII fits UTF-8 than not: then some of it is damaged, and it is no Windows-1252."""
    read = data.decode("utf-8", "replace")
    return sum(char > "\x7f" and char != "\ufffd" for char in read) > read.count("\ufffd")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"damaged text ({encoding}): {error.reason} at byte {error.start}") from error


def declared(data: bytes) -> str:
    """The encoding that a page declares, which counts where it is no Unicode."""
    match = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.I)
    return match[1].decode() if match and _is_for_pages(match[1].decode()) else "cp1252"


_NOT_FOR_PAGES = {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}


def _is_for_pages(encoding: str) -> bool:
    """Whether a page may stand in an encoding: one of text, in which the words that declare it are what they are."""
    try:
        found = codecs.lookup(encoding)
        words = b'<meta charset="Aa09-">'
        return found.name.replace("_", "-") not in _NOT_FOR_PAGES and words.decode(found.name) == words.decode()
    except Exception:  # unknown; or none of text, which decode says with many kinds of exceptions
        return False
