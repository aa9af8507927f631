// theme: alliances
// Who is said to be allied with somebody and to fight or attack the same one?
// > friendly: the alliance, cooperation or support
// > hostile: the fight or attack
// > friendlyLast: the day of the newest article on the friendly tie
// > hostileLast: the day of the newest article on the hostile one
MATCH (a:Actor)-[x:ALLIED_WITH|COOPERATES_WITH|SUPPORTS]-(b:Actor)-[y:FIGHTS|ATTACKS]-(a)
WHERE a.actorId < b.actorId AND x.trust >= $trust AND y.trust >= $trust
RETURN a.name AS one, b.name AS other, type(x) AS friendly, type(y) AS hostile, x.lastReported AS friendlyLast,
       y.lastReported AS hostileLast, x.edgeId AS edge1, y.edgeId AS edge2
ORDER BY one, other, friendly, hostile, edge1, edge2
