// theme: places
// Who is active in a place, is deployed there, controls or attacks it?
// $place: actor - the place or state
// > who: who is there
MATCH (a:Actor)-[r:ACTIVE_IN|DEPLOYS_TO|CONTROLS|SEIZES|ATTACKS]->(p:Actor {actorId: $place})
WHERE r.trust >= $trust
RETURN a.name AS who, type(r) AS how, r.status AS status, r.realised AS realised, r.current AS current,
       r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY current DESC, who, how, edge
