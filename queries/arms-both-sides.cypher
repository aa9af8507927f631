// Who arms both sides of a fight?
MATCH (s:Actor)-[x:SUPPLIES]->(a:Actor)-[f:ATTACKS|FIGHTS]-(b:Actor)<-[y:SUPPLIES]-(s)
WHERE a.actorId < b.actorId
RETURN DISTINCT s.name AS supplier, a.name AS one, b.name AS other, type(f) AS between, x.realised AS armsOne,
       y.realised AS armsOther, x.edgeId AS edge1, y.edgeId AS edge2
ORDER BY supplier, one, other, between, edge1, edge2
