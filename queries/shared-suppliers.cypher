// theme: arms and money
// Which actors are armed by the same suppliers?
// $kind: text = null - only actors of this kind, like Group
// > shared: how many suppliers they share
// > suppliers: their names
MATCH (a:Actor)<-[r:SUPPLIES]-(s:Actor)-[q:SUPPLIES]->(b:Actor)
WHERE a.actorId < b.actorId AND r.trust >= $trust AND q.trust >= $trust
  AND ($kind IS NULL OR (a.kind = $kind AND b.kind = $kind))
WITH DISTINCT a, b, s
ORDER BY s.name, s.actorId
WITH a, b, count(s) AS shared, collect(s.name) AS suppliers
RETURN a.name AS one, b.name AS other, shared AS shared, suppliers AS suppliers
ORDER BY shared DESC, one, other, suppliers[0]
