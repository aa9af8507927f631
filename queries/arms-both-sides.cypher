// theme: conflict
// Who arms both sides of a fight?
// > between: whether they fight or one attacks the other
// > armsOne: whether arms for the one are said to have come
// > armsOther: whether arms for the other are
MATCH (s:Actor)-[x:SUPPLIES]->(a:Actor)-[f:ATTACKS|FIGHTS]-(b:Actor)<-[y:SUPPLIES]-(s)
WHERE a.actorId < b.actorId AND x.trust >= $trust AND f.trust >= $trust AND y.trust >= $trust
RETURN DISTINCT s.name AS supplier, a.name AS one, b.name AS other, type(f) AS between, x.realised AS armsOne,
       y.realised AS armsOther, x.edgeId AS edge1, y.edgeId AS edge2
ORDER BY supplier, one, other, between, edge1, edge2
