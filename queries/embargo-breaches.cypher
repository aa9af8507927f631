// Who supplies an actor that is under sanctions, after they were reported?
// $actor: actor = null - only supplies to this one
MATCH (z:Actor)-[e:SANCTIONS]->(t:Actor)<-[r:SUPPLIES]-(s:Actor)
WHERE ($actor IS NULL OR t.actorId = $actor) AND s.actorId <> z.actorId
  AND (e.firstReported IS NULL OR r.lastReported IS NULL OR r.lastReported >= e.firstReported)
RETURN s.name AS supplier, t.name AS sanctioned, z.name AS sanctionedBy, e.firstReported AS sanctionedSince,
       r.lastReported AS suppliedLast, r.realised AS realised, r.status AS status, r.items AS items, r.edgeId AS edge,
       e.edgeId AS sanction
ORDER BY realised DESC, supplier, sanctioned, sanctionedBy, edge, sanction
