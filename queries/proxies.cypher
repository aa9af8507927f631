// theme: alliances
// Who acts for an actor or is controlled by it, and whom do they supply?
// $actor: actor - the state or group behind them
// > proxy: who acts for it
// > then: what the proxy does
// > whom: for whom
// > thenStatus: the status of that
// > thenEdge: its edge
MATCH (x:Actor {actorId: $actor})-[t:ACTS_FOR|CONTROLS]-(p:Actor)
WHERE t.trust >= $trust AND ((type(t) = 'ACTS_FOR' AND startNode(t).actorId = p.actorId)
   OR (type(t) = 'CONTROLS' AND startNode(t).actorId = x.actorId))
OPTIONAL MATCH (p)-[r:SUPPLIES|DELIVERS_TO]->(y:Actor)
WHERE r.trust >= $trust
RETURN p.name AS proxy, type(t) AS tie, t.status AS status, t.realised AS realised, type(r) AS then, y.name AS whom,
       r.status AS thenStatus, t.edgeId AS edge, r.edgeId AS thenEdge
ORDER BY proxy, tie, edge, whom IS NULL, whom, then, thenEdge
