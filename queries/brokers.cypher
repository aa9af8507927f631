// theme: networks
// Who mediates, or meets both sides of a fight?
// > broker: who stands between
// > tie1: what ties it to the one side
// > tie2: what ties it to the other
MATCH (a:Actor)-[f:FIGHTS|ATTACKS]-(b:Actor)
WHERE a.actorId < b.actorId AND f.trust >= $trust
WITH DISTINCT a, b
MATCH (a)-[r:MEDIATES|MEETS_WITH|AGREES_WITH]-(m:Actor)-[q:MEDIATES|MEETS_WITH|AGREES_WITH]-(b)
WHERE r.trust >= $trust AND q.trust >= $trust AND m.actorId <> a.actorId AND m.actorId <> b.actorId
RETURN m.name AS broker, a.name AS one, b.name AS other, type(r) AS tie1, type(q) AS tie2, r.edgeId AS edge1,
       q.edgeId AS edge2
ORDER BY broker, one, other, tie1, tie2, edge1, edge2
