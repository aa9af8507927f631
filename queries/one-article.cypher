// theme: how sure
// Which claims rest on one article alone?
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type, like ATTACKS
// > published: its day
MATCH (c:Claim)<-[:ABOUT]-(:Evidence)-[:FOUND_IN]->(a:Article)
WHERE c.trust >= $trust AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
WITH c, count(DISTINCT a.articleKey) AS n, min(a.title) AS title, min(a.outlet) AS outlet, min(a.publishedOn) AS published
WHERE n = 1
RETURN c.text AS what, c.status AS status, title AS article, outlet AS outlet, published AS published,
       c.origins AS origins, c.claimId AS claim
ORDER BY what, claim
