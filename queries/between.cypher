// Who stands between two actors, tied to both?
// $a: actor - the one
// $b: actor - the other
MATCH (a:Actor {actorId: $a})-[r]-(m:Actor)-[q]-(b:Actor {actorId: $b})
WHERE r.edgeId IS NOT NULL AND q.edgeId IS NOT NULL AND m.actorId <> a.actorId AND m.actorId <> b.actorId
RETURN m.name AS between, m.kind AS kind, startNode(r).name AS from1, type(r) AS tie1, endNode(r).name AS to1,
       r.realised AS realised1, startNode(q).name AS from2, type(q) AS tie2, endNode(q).name AS to2,
       q.realised AS realised2, r.edgeId AS edge1, q.edgeId AS edge2
ORDER BY between, tie1, tie2, edge1, edge2
