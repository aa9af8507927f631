// theme: arms and money
// Who makes the weapons that an actor has?
// $actor: actor = null - only what this one has
// > maker: who makes the weapon
// > user: who got it or has it
// > made: the status of what is said of the making
// > had: the status of what is said of the having
MATCH (m:Actor)-[p:MANUFACTURES]->(w:Actor)<-[q:ACQUIRES|POSSESSES]-(u:Actor)
WHERE ($actor IS NULL OR u.actorId = $actor) AND m.actorId <> u.actorId
  AND p.trust >= $trust AND q.trust >= $trust
RETURN m.name AS maker, w.name AS weapon, u.name AS user, type(q) AS how, p.status AS made, q.status AS had,
       p.edgeId AS edge1, q.edgeId AS edge2
ORDER BY maker, weapon, user, how, edge1, edge2
