// theme: one actor
// Who leads or controls an actor, or held an office in it?
// $actor: actor - what is led
// > leader: who leads or controls it, or held the office
// > since: from when
// > until: until when
MATCH (l:Actor)-[r:LEADS|CONTROLS|OFFICE_OF]->(x:Actor {actorId: $actor})
WHERE r.trust >= $trust OR r.edgeId IS NULL
RETURN l.name AS leader, type(r) AS how, r.status AS status, r.current AS current,
       coalesce(r.validFrom, r.from) AS since, coalesce(r.validTo, r.to) AS until, r.articles AS articles, r.edgeId AS edge
ORDER BY leader, how, since IS NULL, since, edge IS NULL, edge
