"""Inputs that nobody would send in good faith, made from a seed: files of all kinds, each beside a neighbour that is fine.

Every kind is a line of `KINDS`: what its name ends with, how many are made, and what makes the bytes of one.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SAYINGS = (
    "Iran supplied Shahed-136 drones to Russia, officials said on Monday.",
    "Russia attacked Ukraine on Tuesday.",
    "Turkey condemned the attack, and France sent troops to Mali.",
    "Hezbollah denied that it attacked Israel.",
)
# Signs that mean something to a terminal, a spreadsheet, a browser, XML, JSON, a line reader or a font.
SIGNS = (
    "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x7f", "\x08\x08", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u200b", "\ufeff", "\ufffe", "\uffff", "\U000e0041", "\U0001f469\u200d\U0001f680", "e\u0301\u0302\u0303", "=1+1", "+1",
    "-1", "@SUM(1)", "\t=1", "</script><script>document.title='x'</script>", "<img src=x onerror=alert(1)>", "]]>", "&lol;", "%s%n",
    "{{7*7}}", "${7*7}", "'; DROP TABLE claim; --", "\\u0000", "\\", "`", "$(id)", "\N{FULLWIDTH EQUALS SIGN}1", "[red]x[/red]", "%00",
)  # fmt: skip
Chance = random.Random
Make = Callable[[Chance, int], bytes]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file that is fine, and the words by which one sees that it was read."""

    path: Path
    words: str


def write_nasty(folder: Path, seed: int = 1) -> tuple[list[Path], list[Neighbour]]:
    """Fills a folder; gives what is nasty in it, in the order in which it is read, and the neighbours."""
    folder.mkdir(parents=True)
    bad, good = list[Path](), list[Neighbour]()
    for number, (name, data) in enumerate(nasty_files(seed)):
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), b"%03d-" % number + name)))
        path.write_bytes(data)
        bad.append(path)
        if number % 8 == 0:
            good.append(_neighbour(folder, number))
    bad += _no_files(folder)
    return bad, good


def nasty_files(seed: int) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents; the same for the same seed."""
    for kind, (ending, count, make) in KINDS.items():
        for number in range(count):
            yield f"{kind}-{number}{ending}".encode(), make(random.Random(f"{seed} {kind} {number}"), number)
    for number, name in enumerate(NAMES):
        yield name, f"{SAYINGS[number % 4]} That was file {number}.".encode()


def _neighbour(folder: Path, number: int) -> Neighbour:
    words = f"Syria attacked Mali in week {number}."
    path = folder / f"{number:03}-neighbour.txt"
    path.write_text(f"{words} Officials said so on Monday, and nobody doubted it.")
    return Neighbour(path, words)


def _no_files(folder: Path) -> list[Path]:
    """What stands in a folder like a file and is none: pipes, sockets, folders, links in circles and to nowhere."""
    pipe, circle, nowhere, inner, device = (
        folder / f"y-{n}.txt" for n in ("pipe", "circle", "nowhere", "folder", "zero")
    )
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    nowhere.symlink_to(folder / "not there")
    inner.mkdir()
    device.symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        listening.bind("y-socket.txt")
    finally:
        os.chdir(here)
        listening.close()
    return [pipe, circle, nowhere, device, folder / "y-socket.txt"]


# Texts. ---------------------------------------------------------------------------------------------------------------


def _said(chance: Chance) -> str:
    return " ".join(chance.sample(SAYINGS, 2))


def _run(chance: Chance, number: int) -> bytes:
    """One sign, or a few, again and again."""
    signs = (
        ",",
        "(",
        "a",
        "-",
        ".",
        "'",
        "\u2026",
        "\u200b",
        "0",
        "\U0001f680",
        ",.",
        "-=",
        "((",
        "a,",
        "http://",
        "A-",
    )
    run = signs[number % len(signs)] * chance.randrange(8_000, 20_000)
    return f"{_said(chance)} {run}\n\n{_said(chance)}".encode()


def _signs(chance: Chance, number: int) -> bytes:
    """Signs with a meaning, in and between the words of claims."""
    sign, other = SIGNS[number % len(SIGNS)], chance.choice(SIGNS)
    return f"{sign}{_said(chance)}{other} The {sign}Oban Front{other} attacked {sign} Mali.\n{other}\n{_said(chance)}".encode(
        errors="surrogatepass"
    )


def _bytes(chance: Chance, number: int) -> bytes:
    """Encodings that are not what they seem, and bytes that are no text."""
    text = f"{_said(chance)} Beyoncé and Łódź were not there."
    return (
        text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-16-be")[:-1], text.encode("utf-16")[:-1],
        text.encode("utf-8")[:-3] + b"\xff\xfe", text.encode("cp1250", "replace"), chance.randbytes(5000), b"\0" * 5000,
        b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe", text.encode("utf-32"), text.encode("utf-7"), text.encode() + b"\0\0",
        text.encode("shift-jis", "replace") + "アメリカ".encode("shift-jis"), b"", b" \n" * 400_000,
    )[number % 16]  # fmt: skip


def _shapes(chance: Chance, number: int) -> bytes:
    """Sentences and texts of shapes that trees, stacks and tables do not like."""
    names = [f"{chance.choice('BDFGK')}{chance.choice('aeiou')}r{n} Front" for n in range(300)]
    return (
        f"Russia attacked {', '.join(names)} and Mali on Monday.",
        "Officials said that " * 300 + "Russia attacked Ukraine.",
        "Russia attacked Ukraine and " * 300 + "Iran armed Hezbollah.",
        "(" * 300 + "Russia attacked Ukraine" + ")" * 300 + ".",
        "“" * 200 + "Russia attacked Ukraine, he said." + "”" * 200,
        "Iranian- and Turkish-made drones hit Kyiv, and Russian-, Iranian- and -made missiles hit Kyiv-.",
        "\n\n".join(SAYINGS * 100),
        " ".join(SAYINGS * 300).replace(".", ""),
        "Russia " * 3000,
        "of the army of the state of the " * 400 + "Russia attacked Ukraine.",
        "A-" * 3000 + "made drones hit Kyiv on Monday. Iran armed Hezbollah.",
        "Russia attacked\r" * 200 + "Ukraine on Monday.\r\r" + _said(chance),
    )[number % 12].encode()


# Markdown, pages, PDF. -------------------------------------------------------------------------------------------------


def _front(chance: Chance, number: int) -> bytes:
    """What stands between --- lines."""
    deep = "[" * 2000
    front = (
        "date: 2024-99-99", "date: 2024-01-01T99:99:99Z", "url: [1, 2]", "url: 5", "title: {a: b}", f"x: {deep}", "date: 1e400",
        "url: !!binary aGVsbG8=", "title: !!python/object/apply:os.system [id]", "outlet: null", "title: &a [*a]", "? [a]\n: b",
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "date: 99999-01-01", "title: \x1b[31mred", "date: -0001-01-01", "<<: *x", "title: '\u2028'", "url: 'javascript:alert(1)'",
        "\t: :", "a" * 50_000 + ": 1", "title: " + "b" * 50_000, "date: 2024-02-30", "outlet: 2024-01-01", "--- ---", "%YAML 9.9",
    )  # fmt: skip
    return f"---\n{front[number % len(front)]}\n---\n# Drones\n\n{_said(chance)}\n".encode()


def _marks(chance: Chance, number: int) -> bytes:
    run = (
        "[](",
        "![",
        "[",
        "**",
        "`",
        "```\n",
        "> ",
        "#",
        "- ",
        "<a href=",
        "|",
        "_",
        "[x](y" * 2,
        "\\",
        "&amp;",
        "~~",
    )
    return f"# Drones\n\n{_said(chance)}\n\n{run[number % len(run)] * 12_000}\n\n{_said(chance)}\n".encode()


CHARSETS = (
    "hex", "rot13", "undefined", "zip", "bz2", "base64", "uu", "quopri", "idna", "punycode", "unicode_escape", "raw_unicode_escape",
    "utf-7", "utf-16", "utf-32", "mbcs", "x-nothing", "cp037", "", "big5", "koi8-r", "utf_8_sig", "ascii", "latin-1",
)  # fmt: skip


def _charset(chance: Chance, number: int) -> bytes:
    page = f'<html><head><meta charset="{CHARSETS[number % len(CHARSETS)]}"><title>Drones</title></head>'
    return f"{page}<body><article><h1>Drones</h1><p>{_said(chance)}</p><p>Beyoncé. {_said(chance)}</p></article></body></html>".encode()


def _page(chance: Chance, number: int) -> bytes:
    """Pages that parsers stumble over."""
    inside = (
        "<div>" * 5_000, "<b><i>" * 3_000, f"<p {'a' * 200_000}=1>", "<!--", "<script>", "<style>", "<![CDATA[", "<p>" * 20_000,
        '<!DOCTYPE x [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>&b;', "&#x0;&#xD800;&#x110000;&#99999999;",
        "<table><tr><td>" * 2_000, "<svg><foreignObject>" * 500, "<form><h1>" * 200, "<a href='//[::'>x</a>", "<time datetime='9999-99'>",
        f'<script type="application/ld+json">{"[" * 20_000}</script>', "<title>" * 500, "<plaintext>", "\0\0\0", "<p>" + "\u202e" * 9_000,
    )  # fmt: skip
    words = f"<p>{_said(chance)}</p>"
    head = '<html><head><meta property="og:url" content="http://[bad"><title>Drones</title></head><body><article>'
    return f"{head}{words}{inside[number % len(inside)]}{words}</article></body></html>".encode()


def _pdf(chance: Chance, number: int) -> bytes:
    """PDFs whose parts are cut, name themselves, or unpack without end."""
    text = f"BT /F1 12 Tf 50 700 Td ({_said(chance)}) Tj ET".encode()
    packed = zlib.compress(b" " * 60_000_000 + text, 1)
    streams = {3: b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)}
    stream = streams.get(number % 12, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    kids = {4: b"2 0 R", 5: b"3 0 R " * 5_000, 6: b"9 0 R"}.get(number % 12, b"3 0 R")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count 1 >>" % kids,
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> >> >>", stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    previous = {7: b" /Prev %d" % len(out), 8: b" /Prev 99999999", 9: b" /Prev 0"}.get(number % 12, b"")
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
    whole = out + end % (table, previous, len(out))
    if number % 12 in (0, 10, 11):
        return whole
    if number % 12 == 1:
        return whole[: len(whole) // 2] + b"%%EOF"
    if number % 12 == 2:
        return b"%PDF-1.7\n" + chance.randbytes(20_000) + b"\n%%EOF"
    return whole


# Feeds. ----------------------------------------------------------------------------------------------------------------


def _line(chance: Chance, number: int) -> bytes:
    """A line of a feed."""
    text = f"{_said(chance)} Line {number}."
    sign = chance.choice(SIGNS)
    return (
        json.dumps({"id": f"{sign}{number}", "title": sign, "outlet": sign, "text": text}).encode(errors="replace"),
        b'{"text": "' + text.encode() + b'\\ud800 \\udfff \\u0000", "id": "\\ud83d%d"}' % number, b'{"text": "\0\0\0"}', b"[" * 30_000,
        b'{"text": ' + b"9" * 10_000 + b"}", b'{"text": NaN}', b'{"text": ["x"], "id": {}}', b"null", b'"text"', b"{", b"\x80\xff\x00",
        json.dumps({"text": text, "url": "http://[::1", "published": "2024-99-99", "id": 1e308}).encode(),
        json.dumps({"text": text, "url": ["x"], "title": {"a": 1}, "outlet": None, "id": True}).encode(), b'{"text":"x"' + b" " * 50_000 + b"}",
        json.dumps({"text": text, "id": "cited:SIPRI"}).encode(), json.dumps({"text": text, "id": "text:" + "0" * 16}).encode(),
        json.dumps({"text": text, "id": "../../../etc/passwd"}).encode(), json.dumps({"text": "", "id": "empty"}).encode(),
    )[number % 18]  # fmt: skip


def _feed(chance: Chance, number: int) -> bytes:
    """Nasty lines, every other one a good one."""
    good = json.dumps(
        {"id": f"good {number} {chance.random()}", "text": f"Syria attacked Mali in feed {number}. {_said(chance)}"}
    ).encode()
    return b"\n".join((_line(chance, number), good, _line(chance, number + 7), b"", _line(chance, number + 11))) + b"\n"


def _packed(chance: Chance, number: int) -> bytes:
    lines = _feed(chance, number)
    return (
        gzip.compress(lines + b"\n" * 60_000_000 + lines, 1), gzip.compress(lines)[:-9], b"\x1f\x8b" + chance.randbytes(500), lines,
        gzip.compress(gzip.compress(lines)), b"".join(gzip.compress(line + b"\n") for line in lines.split(b"\n")) * 20,
        gzip.compress(b'{"text": "' + b"a" * 30_000_000, 1), b"",
    )[number % 8]  # fmt: skip


def _wide(chance: Chance, number: int) -> bytes:
    """Feeds in UTF-16, whole and cut."""
    data = _feed(chance, number).decode("utf-8", "replace").encode("utf-16")
    return data if number % 2 else data[: -3 - number]


def _nothing(chance: Chance, number: int) -> bytes:
    return (b"", b"PAR1", b"PAR1" + chance.randbytes(300) + b"PAR1", chance.randbytes(2_000))[number % 4]


KINDS: dict[str, tuple[str, int, Make]] = {
    "run": (".txt", 16, _run),
    "signs": (".txt", 40, _signs),
    "bytes": (".txt", 16, _bytes),
    "shapes": (".txt", 12, _shapes),
    "front": (".md", 26, _front),
    "marks": (".md", 16, _marks),
    "charset": (".html", 24, _charset),
    "page": (".html", 20, _page),
    "pdf": (".pdf", 12, _pdf),
    "feed": (".jsonl", 36, _feed),
    "packed": (".jsonl.gz", 8, _packed),
    "wide": (".ndjson", 12, _wide),
    "columns": (".parquet", 4, _nothing),
    "no-pdf": (".pdf", 16, _bytes),
    "no-page": (".html", 16, _bytes),
    "no-feed": (".jsonl", 16, _bytes),
    "no-marks": (".md", 16, _bytes),
}
NAMES = (
    b"latin-\xe9.txt", b"\xff\xfe.txt", b"new\nline.txt", b"escape-\x1b[31m.txt", "bidi-\u202etxt.txt".encode(), b"-rf.txt", b"=1+1.txt",
    b"a" * 240 + b".txt", b"blank .txt", b"two.dots..txt", b"quote'\".txt", "\u2028.txt".encode(), b"cited:x.txt", b"back\\slash.txt",
    b"percent%s%n.txt", b"tab\t.txt", b"\xc3\x28.md", b"\xed\xa0\x80.html", b"%2e%2e%2f.txt", b"[red].txt",
)  # fmt: skip
