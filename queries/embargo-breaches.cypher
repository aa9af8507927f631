// theme: sanctions
// Who supplies an actor that is under sanctions, after they were reported?
// $actor: actor = null - only supplies to this one
// > sanctioned: who is under sanctions
// > sanctionedBy: whose sanctions
// > sanctionedSince: the day of the first article on them
// > suppliedLast: the day of the newest article on the supply
// > items: the ids of what was supplied
// > sanction: the id of the sanctions' edge
MATCH (z:Actor)-[e:SANCTIONS]->(t:Actor)<-[r:SUPPLIES]-(s:Actor)
WHERE ($actor IS NULL OR t.actorId = $actor) AND s.actorId <> z.actorId
  AND e.trust >= $trust AND r.trust >= $trust
  AND (e.firstReported IS NULL OR r.lastReported IS NULL OR r.lastReported >= e.firstReported)
RETURN s.name AS supplier, t.name AS sanctioned, z.name AS sanctionedBy, e.firstReported AS sanctionedSince,
       r.lastReported AS suppliedLast, r.realised AS realised, r.status AS status, r.items AS items, r.edgeId AS edge,
       e.edgeId AS sanction
ORDER BY realised DESC, supplier, sanctioned, sanctionedBy, edge, sanction
