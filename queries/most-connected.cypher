// theme: networks
// Which actors have the most ties, to how many others?
// $type: type = null - only ties of this type
// $most: number = 20 - how many rows
// > ties: how many edges end at it
// > others: how many actors they join it to
// > realised: how many of the ties are said to have happened or to hold
MATCH (a:Actor)-[r]-(b:Actor)
WHERE r.edgeId IS NOT NULL AND r.trust >= $trust AND ($type IS NULL OR type(r) = $type)
WITH a, count(DISTINCT r.edgeId) AS ties, count(DISTINCT b.actorId) AS others,
     count(DISTINCT CASE WHEN r.realised THEN r.edgeId END) AS realised
RETURN a.name AS actor, a.kind AS kind, ties AS ties, others AS others, realised AS realised, a.actorId AS id
ORDER BY ties DESC, others DESC, actor, id
LIMIT $most
