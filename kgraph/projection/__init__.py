"""Evidence, catalogue and decisions → actors, claims and edges: pure functions, from the rows of one group to its output.

| group | function |
| --- | --- |
| a local actor → the base id of its actor | `actors.base_id`, merged by `actors.Who.of` |
| how articles name one actor → its row | `actors.find_name`, `actors.actor_row` |
| an evidence with its article, roles and speakers → what it says | `statements.say` |
| what it says → the claims that it is about | `claims.identify` |
| all that is said of one claim → its rows | `claims.claim_row`, `claims.role_rows`, `claims.evidence_rows` |
| a claim → the edges that it gives | `edges.find_ends` |
| all claims that give one edge → its row | `edges.edge_row` |
| all that is said of who holds one place → the conflicts over it | `conflicts.conflict_rows` |

Canonical ids are given here, never before. The same rows give the same result in whatever order they were read.
`update/` leads the rows of a database through these functions, in steps: who is who (`resolution.py`, `actors.py`), what a
person made of it (`decisions.py`), what the evidence says (`evidence.py`), claims, conflicts and edges (`__init__.py`).
"""
