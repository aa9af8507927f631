// theme: networks
// Who stands between two actors, tied to both?
// $a: actor - the one
// $b: actor - the other
// > between: who stands between
// > from1: where the first tie begins
// > to1: where it ends
// > tie1: its type
// > realised1: whether it is said to hold
// > from2: where the second tie begins
// > to2: where it ends
// > tie2: its type
// > realised2: whether it is said to hold
MATCH (a:Actor {actorId: $a})-[r]-(m:Actor)-[q]-(b:Actor {actorId: $b})
WHERE r.edgeId IS NOT NULL AND q.edgeId IS NOT NULL AND r.trust >= $trust AND q.trust >= $trust
  AND m.actorId <> a.actorId AND m.actorId <> b.actorId
RETURN m.name AS between, m.kind AS kind, startNode(r).name AS from1, type(r) AS tie1, endNode(r).name AS to1,
       r.realised AS realised1, startNode(q).name AS from2, type(q) AS tie2, endNode(q).name AS to2,
       q.realised AS realised2, r.edgeId AS edge1, q.edgeId AS edge2
ORDER BY between, tie1, tie2, edge1, edge2
