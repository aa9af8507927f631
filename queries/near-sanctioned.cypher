// theme: sanctions
// Which groups get arms, money or training from somebody under sanctions, in one or two steps?
// $actor: actor = null - only from this one
// > sanctioned: who is under sanctions
// > group: who is reached
// > steps: the fewest steps
MATCH (:Actor)-[z:SANCTIONS]->(s:Actor)
WHERE z.trust >= $trust AND ($actor IS NULL OR s.actorId = $actor)
WITH DISTINCT s
MATCH p = (s)-[:SUPPLIES|DELIVERS_TO|FUNDS|TRAINS*1..2]->(g:Actor)
WHERE g.kind = 'Group' AND g.actorId <> s.actorId AND all(r IN relationships(p) WHERE r.trust >= $trust)
RETURN s.name AS sanctioned, g.name AS group, min(length(p)) AS steps, s.actorId AS sanctionedId, g.actorId AS groupId
ORDER BY steps, sanctioned, group, sanctionedId, groupId
