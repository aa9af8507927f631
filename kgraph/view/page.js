// The page's home: all that it will ever show lies in it, packed.
import { graph, found, trusted } from "./state.js";
import { run } from "./app.js";

async function unpacked() {
  const bytes = Uint8Array.from(atob(document.getElementById("kgraph-data").textContent), (letter) => letter.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

unpacked().then(({ picture, legend }) => run({
  search: (words) => found(words),
  evidence: (edge) => edge.evidence.map((id) => picture.evidence[id]).filter(trusted),
  dossier: (id) => ({ actor: graph.actors.get(id), edges: [...graph.edges.values()].filter((edge) => trusted(edge) && (edge.source === id || edge.target === id)) }),
}, picture, legend));
