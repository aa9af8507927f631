"""Commands that read the tables: actors, claims, show, explain, path, stats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kgraph.cli.options import (
    KINDS,
    STATUSES,
    TYPES,
    example,
    format_option,
    graph_option,
    main,
    period_options,
    print_line,
    print_lines,
    print_rows,
    roll_up_option,
    trust_option,
)
from kgraph.cli.printing import levels_in_words
from kgraph.schema import load_schema

if TYPE_CHECKING:
    from kgraph import Claim, Graph, Quote


@main.command(epilog=example("kgraph actors --kind Group", "kgraph actors --format jsonl > actors.jsonl"))
@graph_option
@period_options
@click.option("--kind", type=KINDS, help="Only actors of this kind.")
@format_option
def actors(graph: Graph, kind: str | None, form: str) -> None:
    """List the actors that the articles name, the most named first."""
    with graph:
        found = graph.actors(kind=kind)
        if form == "jsonl":
            articles = graph.articles_of()
            print_lines({"actor": a.as_json(), "articles": articles[a.id]} for a in found if a.id in articles)
            return
    print_rows(
        form,
        ("name", "kind", "articles", "id"),
        [{"name": a.name, "kind": a.kind, "articles": a.articles, "id": a.id} for a in found],
    )


@main.command(
    epilog=example("kgraph claims --about Hezbollah --type SUPPLIES", "kgraph claims --status planned --format jsonl")
)
@graph_option
@period_options
@click.option("--about", metavar="NAME", help="Only claims with this actor, by any of its names.")
@click.option("--type", "kind", type=TYPES, help="Only claims of this type.")
@click.option("--status", type=STATUSES, help="Only claims with this status.")
@click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold.")
@trust_option
@roll_up_option
@format_option
def claims(
    graph: Graph,
    about: str | None,
    kind: str | None,
    status: str | None,
    realised: bool,
    trust: str,
    roll_up: str | None,
    form: str,
) -> None:
    """List claims: who does what to whom, how sure, in how many articles and from how many origins."""
    with graph:
        found = graph.claims(about=about, type=kind, status=status, realised=realised, trust=trust, roll_up=roll_up)
        if form == "jsonl":
            print_lines(claim.as_json() for claim in found)
            return
    print_rows(form, CLAIM_COLUMNS, [claim_row(claim) for claim in found])


CLAIM_COLUMNS = (
    "claim",
    "type",
    "who",
    "whom",
    "with",
    "status",
    "articles",
    "origins",
    "denying",
    "credibility",
    "trust",
    "last",
)


def claim_row(claim: Claim) -> dict[str, Any]:
    first, second = load_schema()[claim.type].key_roles
    ones = claim.fillers(first)
    one, other = (ones[:1], ones[1:2]) if first == second else (ones, claim.fillers(second))
    further = [f"{role} {actor.name}" for role, actor in claim.roles if role not in (first, second)]
    return {
        "claim": claim.id[:8],
        "type": claim.type,
        "who": [a.name for a in one],
        "whom": [a.name for a in other],
        "with": further,
        "status": f"{claim.status}, disputed" if claim.disputed else claim.status,
        "articles": claim.articles,
        "origins": claim.origins,
        "denying": claim.denying_origins,
        "credibility": claim.credibility,
        "trust": claim.trust,
        "last": claim.last_reported,
    }


@main.command(epilog=example("kgraph show Hezbollah"))
@click.argument("name")
@graph_option
@period_options
@trust_option
def show(name: str, graph: Graph, trust: str) -> None:
    """Print a dossier of one actor: its names, and its claims by type, the newest first."""
    found = graph.show(name, trust=trust)
    actor = found.actor
    print_line(f"{actor.name} ({actor.kind}), {actor.id}, in {actor.articles} articles")
    if actor.aliases:
        print_line(f"Also: {', '.join(actor.aliases)}")
    for remark in found.remarks:
        print_line(f"comment: {remark}")
    for tie in found.ties:
        dates = f" ({tie.since or '…'} to {tie.until or '…'})" if tie.since or tie.until else ""
        print_line(f"{tie.label} {tie.name}{dates}, from the catalogue")
    for type_ in load_schema():
        if own := [claim for claim in found.claims if claim.type == type_]:
            print_line()
            print_line(type_)
            for claim in own:
                print_line(f"  {claim.id[:8]}  {in_short(claim)}, trust {claim.trust}")


def in_short(claim: Claim) -> str:
    notes = [
        claim.status,
        f"{claim.articles} article{'s' * (claim.articles != 1)}",
        *([claim.last_reported] if claim.last_reported else []),
        *(["disputed"] if claim.disputed else []),
    ]
    return f"{claim.text} ({', '.join(notes)})"


@main.command(epilog=example("kgraph explain 1f3a"))
@click.argument("claim")
@graph_option
@period_options
def explain(claim: str, graph: Graph) -> None:
    """Print the evidence behind a claim, sentence by sentence: speaker, status, who read it and how surely, cues, article.

    CLAIM is the beginning of a claim's id, as `kgraph claims` prints it; it is explained whatever its trust.
    """
    explained = graph.explain(claim)
    found = explained.claim
    print_line(f"{found.id}  {found.type}  {in_short(found)}")
    judged = {None: "", "manual": ", added by a person"}.get(found.review_status, f", {found.review_status} by a person")
    print_line(f"  trust: {found.trust}{judged}")
    for role, actor in found.roles:
        print_line(f"  {role}: {actor.name}")
    for remark in explained.remarks:
        print_line(f"  comment: {remark}")
    for quote in found.quotes:
        says = f", says {', to whom '.join(quote.speakers)}" if quote.speakers else ""
        reviewed = f", {quote.review_status}" if quote.review_status else ""
        when = f"; event {event_dates(quote)}" if quote.event_from or quote.event_to else ""
        print_line()
        print_line(f"  {quote.id[:8]}  {quote.status}{says}{reviewed}")
        print_line(f"    {' '.join(quote.sentence.split())}")
        source = ", ".join(filter(None, (quote.title, quote.outlet, quote.published, quote.path or quote.article)))
        print_line(f"    {source}, characters {quote.start} to {quote.end}")
        print_line(f"    {quote.read_by}")
        print_line(
            f"    frame {quote.frame}, by “{quote.sentence[slice(*quote.trigger)]}”; "
            f"cues {', '.join(quote.cues) or 'none'}; polarity {quote.polarity}, stage {quote.stage}, "
            f"certainty {quote.certainty}, voice {quote.voice}; origin {quote.origin}{when}"
        )
        for remark in explained.remarks_on.get(quote.id, ()):
            print_line(f"    comment: {remark}")


def event_dates(one: Quote) -> str:
    """From when to when something happened, and how exactly that is known."""
    dates = one.event_from if one.event_from == one.event_to else f"{one.event_from or '…'} to {one.event_to or '…'}"
    return f"{dates} ({one.date_precision})" if one.date_precision else str(dates)


@main.command(epilog=example("kgraph path Russia Hezbollah"))
@click.argument("start")
@click.argument("end")
@graph_option
@period_options
@click.option("--realised", is_flag=True, help="Only along what is said to have happened or to hold.")
@trust_option
@roll_up_option
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1), help="At most so many paths.")
@click.option("--sentences", is_flag=True, help="Also the sentences behind each step.")
def path(
    start: str, end: str, graph: Graph, realised: bool, trust: str, roll_up: str | None, limit: int, sentences: bool,
) -> None:  # fmt: skip
    """Print all shortest ties between two actors, with the claims on each step."""
    with graph:
        ways = graph.path(start, end, realised=realised, trust=trust, roll_up=roll_up, limit=limit)
        for number, way in enumerate(ways, 1):
            print_line(f"{number}. {' – '.join([way[0].start.name, *(step.end.name for step in way)])}")
            for line in (line for step in way for line in step.lines):
                ids = " ".join(claim[:8] for claim in line.claims)
                print_line(f"   {line.source.name} {line.type} {line.target.name} ({line.status}; claims {ids})")
                for quote in line.quotes if sentences else ():
                    print_line(
                        f"      {quote.status}: {' '.join(quote.sentence.split())} ({quote.path or quote.article})"
                    )


@main.command(epilog=example("kgraph stats"))
@graph_option
@period_options
@trust_option
@roll_up_option
def stats(graph: Graph, trust: str, roll_up: str | None) -> None:
    """Print what a graph consists of, how much of it can be trusted, and its busiest actors."""
    found = graph.stats(trust=trust, roll_up=roll_up)
    dates = f", published {found.first_published} to {found.last_published}" if found.first_published else ""
    print_line(f"{found.articles} articles{dates}; {found.evidence} sentences of evidence")
    claims = levels_in_words(found.levels, trust)
    for title, counts in (
        (f"{sum(found.actors.values())} actors", found.actors),
        (claims, found.claims),
        ("by status", found.statuses),
    ):
        print_line(f"{title}: {', '.join(f'{name} {n}' for name, n in counts.items())}")
    print_line(f"{found.edges} edges, in {found.components} separate parts")
    print_line(f"busiest: {', '.join(f'{name} {n}' for _, name, n in found.central)}")
