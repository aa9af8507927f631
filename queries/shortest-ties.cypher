// theme: networks
// How many steps is each actor away, along ties that are said to have happened or to hold?
// $actor: actor - from whom
// $kind: text = null - only actors of this kind, like WeaponSystem
// > steps: the fewest ties between them, at most three
MATCH p = (x:Actor {actorId: $actor})-[*1..3]-(a:Actor)
WHERE all(r IN relationships(p) WHERE r.realised AND r.trust >= $trust AND r.edgeId IS NOT NULL)
  AND a.actorId <> $actor AND ($kind IS NULL OR a.kind = $kind)
RETURN a.name AS actor, a.kind AS kind, min(length(p)) AS steps, a.actorId AS id
ORDER BY steps, actor, id
