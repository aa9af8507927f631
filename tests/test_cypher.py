"""Cypher texts before an engine sees them: what only reads passes, what is not on the lists is refused in any spelling."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from synthetic import write_graph

from kgraph.errors import UsageError
from kgraph.graph.cypher import FUNCTIONS, blank, check_names, check_reading, columns, doubts, orders, parameters
from kgraph.graph.questions import questions
from kgraph.graph.tokens import tokens

ALLOWED = """
CALL db.labels() YIELD label RETURN label
CALL db.labels
CALL db . labels ( ) YIELD label RETURN label
call/**/db.labels() YIELD label RETURN label
CALL `db`.`labels`() YIELD label RETURN label
CALL db.index.fulltext.queryNodes('kgraph_names', 'Iran') YIELD node RETURN node.name
OPTIONAL CALL db.labels() YIELD label RETURN label
MATCH (a:Actor) CALL { WITH a MATCH (a)-->(b) RETURN count(b) AS n } RETURN n
MATCH (a:Actor) CALL (a) { MATCH (a)-->(b) RETURN count(b) AS n } RETURN n
MATCH (a:Actor) CALL (*) { RETURN 1 AS n } RETURN n
MATCH (a) RETURN a.name AS name;
MATCH (a) WHERE (a.name = 'x') AND (NOT (a.kind IN ('y'))) OR (a)-->() RETURN a
MATCH(a:Actor)WHERE(a.name)STARTS WITH('x')RETURN(a.name)
MATCH (a) RETURN CASE WHEN (a.x) THEN (1) ELSE (2) END AS n
UNWIND (range(1, 3)) AS n WITH DISTINCT (n) AS n ORDER BY (n) SKIP (1) LIMIT (1) RETURN n
MATCH p = shortestPath((a:Actor)-[*..3]-(b:Actor)) RETURN length(p), nodes(p), relationships(p)
MATCH p = ALL SHORTEST (a:Actor)-[:SUPPLIES]-+(b:Actor) RETURN p
MATCH ((a)-[:SUPPLIES]->(b)){1,3} RETURN count(*)
MATCH (a:Actor) USING INDEX SEEK a:Actor(name) WHERE a.name = 'x' RETURN a
RETURN COUNT { MATCH (a:Actor) } AS n, COLLECT { MATCH (a) RETURN a.name } AS l, EXISTS { (:Actor) } AS e
RETURN all(x IN [1] WHERE x > 0), ANY(x IN [1] WHERE x), none(x IN [] WHERE x), single(x IN [1] WHERE x)
RETURN reduce(s = 0, x IN [1, 2] | s + x) AS n, [x IN [1, 2] WHERE x > 1 | x] AS l, toUpper('a'), `toUpper`('a')
RETURN date.truncate('month', date('2024-01-02')), duration.between(date(), date()), point.distance(point({x: 1}), null)
RETURN 'CALL apoc.load.json("x")' AS text, "LOAD CSV" AS more, `apoc.util.sleep` AS none // CALL dbms.listConfig()
RETURN 1 AS n /* CREATE (:Actor); LOAD CSV FROM */
RETURN {set: 1, create: 2, call: 3, merge: [4]} AS delete
MATCH (e) RETURN e.start, e.end, e.set, e.create, e.`call`
MATCH (a)-[:SET|CREATE]->(b:CALL) RETURN a
WITH 1 AS remove RETURN remove, [set IN [1] | set] AS l
MATCH (a) WHERE a.transactions IN [1] AND a.x IN $transactions RETURN a
RETURN 'it\\'s \\\\' AS a, "say \\"x\\"" AS b, '\\u00e9' AS c
RETURN 0x1F, 1_000, 1.5e-3, .5, [1, 2][0..1], $p, $`odd one`
RETURN 1 AS ünïcode, 'a\u00a0b' AS `日本`
""".strip().splitlines()

REFUSED = r"""
CALL `apoc`.`util`.`sleep`(1000)
CALL `apoc.util.sleep`(1000)
CALL/**/apoc.util.sleep(1000)
call  apoc . util . sleep (1000)
CaLl dbms.listConfig() YIELD name RETURN name
MATCH (a) CALL db.createLabel('x') RETURN a
CALL db.labels() YIELD label CALL `dbms`.`killQuery`('1') RETURN label
CALL { CALL apoc.load.json('file:///etc/passwd') YIELD value RETURN value } RETURN value
CALL dbms.listConfig
UNWIND [1] AS CALL CALL apoc.x() RETURN 1
RETURN apoc.util.sleep(1000) AS x
RETURN apoc . util . sleep(1000) AS x
RETURN `apoc`.`util`.`sleep`(1000) AS x
RETURN `apoc.util.sleep`(1000) AS x
RETURN apoc/**/.util/* x */.sleep /**/ (1000) AS x
RETURN APOC.Util.SLEEP(1) AS x
RETURN util.sleep(1) AS x
MATCH (a) WHERE apoc.util.sleep(1000) IS NULL RETURN a
RETURN [x IN [1] | apoc.cypher.runFirstColumnSingle('CREATE (:X)', {})] AS x
RETURN {a:apoc.load.json('x')} AS x
RETURN 1.apoc.util.sleep(1) AS x
RETURN math.sigmoid(1) AS x
RETURN genai.vector.encode('x', 'OpenAI', {}) AS x
RETURN nosuch(1) AS x
RETURN `MATCH`(1) AS x
RETURN file() AS x
RETURN linenumber() AS x
LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line
MATCH (a) LOAD/**/CSV FROM 'http://news.example/' AS line RETURN line
MATCH (a) load csv with headers FROM 'x' AS line RETURN line
USE system MATCH (n) RETURN n
CALL { USE other.graph MATCH (n) RETURN n } RETURN n
RETURN 1 AS n UNION USE `system` RETURN 2 AS n
CREATE (:Actor)
MATCH (a) CREATE (a)-[:X]->(a)
MATCH (a) create(:Actor)
MATCH (a) MERGE (b:Actor {name: a.name}) RETURN b
MATCH (a) SET a.name = 'x' RETURN a
MATCH (a) SET a:Group
MATCH (a) SET `a`.name = 'x'
MATCH (a) REMOVE a.name
MATCH (a) DETACH DELETE a
MATCH (a) DELETE (a)
MATCH (a) FOREACH (x IN [1] | SET a.x = x)
UNWIND [1] AS x CALL { WITH x CREATE (:Actor) } IN TRANSACTIONS RETURN 1
MATCH (a) CALL { WITH a RETURN 1 AS n } IN TRANSACTIONS OF 10 ROWS RETURN n
MATCH (a) CALL (a) { RETURN 1 AS n } IN 4 CONCURRENT TRANSACTIONS RETURN n
MATCH (a) INSERT (:Actor)
DROP INDEX kgraph_names
SHOW TRANSACTIONS
ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'
GRANT ROLE admin TO someone
TERMINATE TRANSACTIONS 'neo4j-transaction-1'
START DATABASE neo4j
EXPLAIN MATCH (a) RETURN a
PROFILE MATCH (a) RETURN a
CYPHER 25 MATCH (a) RETURN a
:use system
BEGIN
RETURN 1 AS n; MATCH (a) DETACH DELETE a
RETURN 1 AS n; RETURN 2 AS n
; RETURN 1 AS n
RETURN \u0061poc.util.sleep(1) AS x
CALL \u0060dbms\u0060.\u006cistConfig() YIELD name RETURN name
RETURN 'a\u0027 + apoc.util.sleep(1) + \u0027b' AS x
RETURN 'a\\u0027 + apoc.util.sleep(1) + \\u0027b' AS x
RETURN 1 AS n // \u000a CALL dbms.listConfig()
RETURN 1 AS n /* \u002a\u002f CALL dbms.listConfig() */
RETURN `a\u0060` AS n
RETURN apoc.util.sle­ep(1) AS x
RETURN 'not closed
RETURN "not closed' AS x
RETURN `not closed
RETURN 1 /* not closed
SELECT FROM Actor
""".strip().splitlines()

HIDDEN = [  # behind ends of lines and blanks that a line of this table cannot hold
    "RETURN 1 AS n // x\rCALL dbms.listConfig() YIELD name RETURN name",
    "RETURN 1 AS n // x\r\nUNION RETURN apoc.util.sleep(1) AS n",
    "MATCH (a)\u2003CALL\u00a0`apoc`\u3000.\u2009util.sleep(1)",
    "MATCH (a)\x0bLOAD\x0cCSV FROM 'x' AS line RETURN line",
    "MATCH (a)\u2028SET\u2029a.name = 'x'",
    "RETURN 'a\\\nb' + apoc.util.sleep(1) AS x",
    "RETURN apoc.\u200butil.sleep(1) AS x",
    "RETURN apoc.util\x00.sleep(1) AS x",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_what_only_reads_passes(text: str) -> None:
    check_reading(text)


@pytest.mark.parametrize("text", [*REFUSED, *HIDDEN])
def test_what_is_not_on_a_list_is_refused_in_any_spelling(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_reading(text)
    assert "\n" not in str(caught.value)


def test_all_saved_questions_pass() -> None:
    assert len(questions()) >= 40
    for question in questions().values():
        assert not doubts(question.text), question.name


def test_functions_are_written_as_they_are_compared() -> None:
    assert all(name == name.lower() for name in FUNCTIONS)
    assert {name for name in FUNCTIONS if name.startswith(("apoc", "db", "util", "text", "load"))} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RETURN 'a' AS a,\n'b AS b", r"line 2, column 1: a string begins there and does not end"),
        ("RETURN 1 /* b", r"line 1, column 10: a comment begins there"),
        ("RETURN toUper('a') AS a", r"toUper is not allowed here; did you mean toupper\?"),
        ("RETURN apoc.util.sleep(1) AS a", r"the function apoc\.util\.sleep is not allowed here"),
        ("CALL `dbms`.x()", r"the procedure dbms\.x is not allowed here; allowed: db\."),
        ("MATCH (a) SET a.x = 1", "SET would change the graph"),
    ],
)
def test_a_refusal_says_what(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_reading(text)


BOMBS = [
    "MATCH " + "(:Actor" * 20_000, "RETURN " + "(:" * 60_000, "RETURN " + "[:" * 60_000, "MATCH (a" + ":Actor" * 20_000 + ") RETURN a.zzz",
    "MATCH (a) RETURN " + "a {.x, " * 20_000, "MATCH (a " + "{x: " * 30_000 + "1" + "}" * 30_000 + ") RETURN a", "RETURN a" + ".b" * 50_000,
    "RETURN " + "x" * 120_000 + "(1)", "RETURN '" + "\\\\" * 50_000 + "' AS n", "RETURN " + "/* */" * 20_000 + "1 AS n", "RETURN 1" + " " * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_looking_at_a_text_takes_time_by_its_length(text: str) -> None:
    begun = time.process_time()
    for look in (check_reading, check_names, doubts, columns):
        with suppress(UsageError):
            look(text)
            continue
        break
    assert time.process_time() - begun < 5


def test_tokens_are_the_text_but_for_blanks_and_comments() -> None:
    text = "RETURN 'it\\'s', `a``b` /* x */ , $`p q` // end"
    assert [token.value for token in tokens(text)] == ["RETURN", "'it\\'s'", ",", "a`b", ",", "p q"]
    assert [text[token.start : token.end] for token in tokens(text)][3] == "`a``b`"


# Names. ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "MATCH(a:Actr) RETURN a",
        "MATCH (a:`Actr`) RETURN a",
        "MATCH (a/**/:/**/Actr) RETURN a",
        "MATCH (a:Actor|(Group&Stat)) RETURN a",
        "MATCH (a)-[:`SUPPLYS`]->() RETURN a",
        "MATCH (a)<-[r:SUPPLIES|:SUPPLYS]-() RETURN a",
        "MATCH (a:Actor) WHERE a:Actr RETURN a",
        "MATCH (a)-[r]->(b) WHERE a:Actor AND r:SUPPLIES OR NOT b : `Group`|Statee RETURN a",
    ],
)
def test_misspelt_names_are_found_in_any_spelling(text: str) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        check_names(text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Actor WHERE a.name = 'x') RETURN a",
        "MATCH (a:Actor)-[r:SUPPLIES WHERE r.realised]->(b) RETURN {x: [1, 2]}",
        "MATCH (a:Actor&!(Group|State)) RETURN a.aliases[0..1], count(a:Actor)",
        "MATCH (a)-[r]->(b) WHERE NOT b:Group|State AND r:SUPPLIES XOR a.name = {x: 1}.x RETURN a",
        "MATCH (a) WHERE a.name IN [':Nobody'] AND a:Group RETURN [(a)-[:SUPPLIES]->(b:Actor) | b.name] AS l",
    ],
)
def test_names_that_exist_pass(text: str) -> None:
    check_names(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("MATCH (a:Actor) RETURN a.nmae", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (a:Actor) RETURN a . `nmae` AS x", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (a:Actor {nmae: 'x'}) RETURN a.name", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (a:Actor) RETURN a {.nmae, odd: 1} AS m", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (a:Actor) RETURN collect(a {.name, odd: 1}), [a {odd: 2}], {odd: a.name}", []),
        ("MATCH (a:Actor)-[r {nmae: 1}]-(b) RETURN a {odd: {x: 1}, .name}", ["no property nmae in the graph, so its values are empty"]),
        ("MATCH (a)-[r]->(b) WHERE r.realized RETURN b.name", ["no property realized in the graph; did you mean realised?"]),
        ("MATCH (a) WHERE a.zzz = 1 RETURN a.name", ["no property zzz in the graph, so its values are empty"]),
        ("MATCH (c:Claim) RETURN c.name", ["no property name of Claim in the graph, so its values are empty"]),
        ("MATCH (g:Group) RETURN g.kind, g.nam", ["no property nam in the graph; did you mean name?"]),
        ("MATCH (a:Actor)-[r:SUPPLIES]->() RETURN r.items, r.edgeId, a.hash, a.aliases[0]", []),
        ("MATCH (a:!Actor) RETURN a.text", []),
        ("MATCH (a:Actor) WITH {x: 1} AS a RETURN a.x", []),
        ("MATCH (a:Actor) WITH a AS b, count(*) AS n WITH DISTINCT b AS c RETURN c.nmae", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (a:Actor) WITH a AS b RETURN [b IN [{x: 1}] | b.x]", []),
        ("MATCH (a:Actor) WITH a AS b WITH {x: 1} AS b WITH b AS c RETURN c.x", []),
        ("MATCH (a:Actor) WITH [a, a] AS b, [{x: 1}, a] AS c RETURN b.x, c.x", []),
        ("MATCH (:Actor {nmae: 'x'})-[:SUPPLIES {realised: true}]->() RETURN 1", ["no property nmae in the graph; did you mean name?"]),
        ("MATCH (:Actor {name: 'x'})-[:SUPPLIES {realized: true}]->() RETURN 1", ["no property realized in the graph; did you mean realised?"]),
        ("MATCH (a:Actor) UNWIND [{x: 1}] AS m RETURN m.x, date().year", []),
        ("MATCH (a:Actor) RETURN properties(a).nmae, [b IN [{q: 1}] | b.q]", []),
        ("MATCH p = (a:Actor)--(b) RETURN p.x", []),
        ("RETURN 'MATCH (a:Actor) RETURN a.nmae' AS text", []),
        ("MATCH (a:Actor) CALL { WITH a MATCH (a)--(c:Claim) RETURN c.txt AS t } RETURN t",
         ["no property txt in the graph; did you mean text?"]),
    ],
)  # fmt: skip
def test_unknown_properties_are_doubted(text: str, wanted: list[str]) -> None:
    assert doubts(text) == wanted


# Columns, parameters, orders. -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("RETURN*", ()),
        ("MATCH (a) RETURN *, 1 AS one", ("one",)),
        ("RETURN/**/DISTINCT 1 AS one, `a`.b /* x */ ORDER/**/BY one", ("one", "`a`.b")),
        ("RETURN COLLECT { MATCH (a) RETURN a.name AS inner } AS names", ("names",)),
        ("MATCH (a) RETURN a.return, a.`limit` AS `odd, one` LIMIT 3;", ("a.return", "odd, one")),
        ("RETURN [1, {a: 2}] AS `a``b`, 'x AS y'", ("a`b", "'x AS y'")),
        ("RETURN 1 AS limit, 2 AS skip OFFSET 1", ("limit", "skip")),
        ("CALL db.labels() YIELD label", ()),
    ],
)
def test_columns_of_odd_spelling(text: str, names: tuple[str, ...]) -> None:
    assert columns(text) == names


def test_parameters_and_orders_are_seen_outside_quotes_only() -> None:
    text = "RETURN $a, $`b c`, '$d' AS `ORDER BY` // $e ORDER BY"
    assert parameters(text) == {"a", "b c"}
    assert not orders(text)
    assert orders("RETURN 1 AS n order /**/ by n")
    assert blank(text).split() == ["RETURN", "$a,", "$`b", "c`,", "AS"]


# The command line. ----------------------------------------------------------------------------------------------------

LONG = "RETURN size([x IN range(1, 1900000) WHERE any(y IN range(1, 1900000) WHERE y = -x)]) AS n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cypher") / "g.kg"
    write_graph(folder, 4)
    (folder.parent / "mine.cypher").write_text(
        "// Who?\nMATCH (a:Actor) RETURN a.actorId AS id, a.nmae AS name ORDER BY id"
    )
    (folder.parent / "long.cypher").write_text(f"// How long?\n{LONG} ORDER BY n")
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        (["cypher", "MATCH (a:Actor) RETURN a.nmae AS n LIMIT 2"], 0, "n\n", "Warning: no property nmae in the graph; did you mean name?"),
        (["cypher", "MATCH (a:Actor) RETURN count(a) AS n"], 0, "n\n40\n", ""),
        (["query", "mine.cypher", "--rows", "2"], 0, "id,name\ngroup:001,\n", "Warning: no property nmae in the graph; did you mean name?\n"
         "Cut after 2 rows: there are more. Narrow the query, or set --rows."),
        (["query", "long.cypher", "--seconds", "1"], 2, "", "cut off after 1 s, without rows; narrow it, or allow it more time"),
        (["cypher", LONG, "--seconds", "1"], 2, "", "cut off after 1 s, without rows; narrow it, or allow it more time"),
        (["cypher", "RETURN reduce(l = [1], x IN range(1, 490) | [l]) AS n"], 2, "", "more than 200 lists or maps inside each other"),
        (["cypher", "RETURN apoc.util.sleep(100000) AS n"], 2, "", "the function apoc.util.sleep is not allowed here"),
        (["cypher", "CALL `apoc`.`util`.`sleep`(100000)"], 2, "", "the procedure apoc.util.sleep is not allowed here"),
    ],
)  # fmt: skip
def test_on_the_command_line(folder: Path, arguments: list[str], code: int, out: str, err: str) -> None:
    command = [sys.executable, "-m", "kgraph.cli", *arguments, "-g", str(folder), "--format", "csv"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder.parent, timeout=120)
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith(out)
    assert err in done.stderr
    assert bool(err) == bool(done.stderr)
