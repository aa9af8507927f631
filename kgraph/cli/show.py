"""Commands that read the tables: actors, claims, show, explain, path, stats."""

from __future__ import annotations

from pathlib import Path
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
    opened,
    period_options,
    print_line,
    print_lines,
    print_rows,
    roll_up_option,
)
from kgraph.schema import load_schema

if TYPE_CHECKING:
    from kgraph.lookup.periods import Period


@main.command(epilog=example("kgraph actors --kind Group", "kgraph actors --format jsonl > actors.jsonl"))
@graph_option
@period_options
@click.option("--kind", type=KINDS, help="Only actors of this kind.")
@format_option
def actors(folder: Path, period: Period, kind: str | None, form: str) -> None:
    """List the actors that the articles name, the most named first."""
    from kgraph import lookup

    with opened(folder, period) as db:
        found = lookup.actors(db, kind=kind)
        if form == "jsonl":
            print_lines(lookup.actor_lines(db, found))
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
@roll_up_option
@format_option
def claims(
    folder: Path,
    period: Period,
    about: str | None,
    kind: str | None,
    status: str | None,
    realised: bool,
    roll_up: str | None,
    form: str,
) -> None:
    """List claims: who does what to whom, how sure, in how many articles and from how many origins."""
    from kgraph import lookup

    with opened(folder, period) as db:
        actor = lookup.resolve(db, about) if about else None
        found = lookup.claims(db, about=actor, type=kind, status=status, realised=realised)
        if roll_up:
            found = lookup.roll_up(db, found, roll_up)
        if form == "jsonl":
            print_lines(lookup.claim_lines(db, found))
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
    "last",
)


def claim_row(claim: Any) -> dict[str, Any]:
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
        "last": claim.last_reported,
    }


@main.command(epilog=example("kgraph show Hezbollah"))
@click.argument("name")
@graph_option
@period_options
def show(name: str, folder: Path, period: Period) -> None:
    """Print a dossier of one actor: its names, and its claims by type, the newest first."""
    from kgraph import lookup
    from kgraph.decisions import load_decisions
    from kgraph.folder import Folder
    from kgraph.review import notes, words_of

    with opened(folder, period) as db:
        wanted = lookup.resolve(db, name)
        remarks = notes(db, load_decisions(Folder(folder).decisions)).remarks.get(wanted, ())
        actor = next(actor for actor in lookup.actors(db, everyone=True) if actor.id == wanted)
        found = lookup.claims(db, about=actor.id)
        ties = db.execute(
            """SELECT b.type, a.name, b."from", b."to" FROM background AS b JOIN actor AS a ON a.id = b.target
                             WHERE b.source = ? ORDER BY b.type, b."from", a.name""",
            (actor.id,),
        ).fetchall()
    print_line(f"{actor.name} ({actor.kind}), {actor.id}, in {actor.articles} articles")
    if actor.aliases:
        print_line(f"Also: {', '.join(actor.aliases)}")
    for remark in remarks:
        print_line(f"comment: {words_of(remark)}")
    for type_, other, since, until in ties:
        dates = f" ({since or '…'} to {until or '…'})" if since or until else ""
        print_line(f"{type_.replace('_', ' ').lower()} {other}{dates}, from the catalogue")
    for type_ in load_schema():
        if own := [claim for claim in found if claim.type == type_]:
            print_line()
            print_line(type_)
            for claim in own:
                print_line(f"  {claim.id[:8]}  {in_short(claim)}")


def in_short(claim: Any) -> str:
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
def explain(claim: str, folder: Path, period: Period) -> None:
    """Print the evidence behind a claim, sentence by sentence: speaker, status, cues, frame, article.

    CLAIM is the beginning of a claim's id, as `kgraph claims` prints it.
    """
    from kgraph import lookup
    from kgraph.decisions import load_decisions
    from kgraph.folder import Folder
    from kgraph.review import notes, words_of

    with opened(folder, period) as db:
        found = lookup.claim(db, claim)
        behind = lookup.quotes(db, found.id)[found.id]
        said = notes(db, load_decisions(Folder(folder).decisions))
    print_line(f"{found.id}  {found.type}  {in_short(found)}")
    for role, actor in found.roles:
        print_line(f"  {role}: {actor.name}")
    for remark in said.remarks.get(found.id, ()):
        print_line(f"  comment: {words_of(remark)}")
    for quote in behind:
        says = f", says {', to whom '.join(quote.speakers)}" if quote.speakers else ""
        reviewed = f", {quote.review_status}" if quote.review_status else ""
        when = f"; event {event_dates(quote)}" if quote.event_from or quote.event_to else ""
        print_line()
        print_line(f"  {quote.id[:8]}  {quote.status}{says}{reviewed}")
        print_line(f"    {' '.join(quote.sentence.split())}")
        source = ", ".join(filter(None, (quote.title, quote.outlet, quote.published, quote.path or quote.article)))
        print_line(f"    {source}, characters {quote.start} to {quote.end}")
        print_line(
            f"    frame {quote.frame}, by “{quote.sentence[slice(*quote.trigger)]}”; "
            f"cues {', '.join(quote.cues) or 'none'}; polarity {quote.polarity}, stage {quote.stage}, "
            f"certainty {quote.certainty}, voice {quote.voice}; origin {quote.origin}{when}"
        )
        for remark in said.remarks.get(quote.id, ()):
            print_line(f"    comment: {words_of(remark)}")


def event_dates(one: Any) -> str:
    """From when to when something happened, and how exactly that is known."""
    dates = one.event_from if one.event_from == one.event_to else f"{one.event_from or '…'} to {one.event_to or '…'}"
    return f"{dates} ({one.date_precision})" if one.date_precision else str(dates)


@main.command(epilog=example("kgraph path Russia Hezbollah"))
@click.argument("start")
@click.argument("end")
@graph_option
@period_options
@click.option("--realised", is_flag=True, help="Only along what is said to have happened or to hold.")
@roll_up_option
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1), help="At most so many paths.")
@click.option("--sentences", is_flag=True, help="Also the sentences behind each step.")
def path(
    start: str, end: str, folder: Path, period: Period, realised: bool, roll_up: str | None, limit: int,
    sentences: bool,
) -> None:  # fmt: skip
    """Print all shortest ties between two actors, with the claims on each step."""
    import json

    from kgraph import lookup
    from kgraph.lookup import networks

    with opened(folder, period) as db:
        lift = lookup.lifted(db, roll_up) if roll_up else {}
        ways = networks.shortest_paths(
            db, lookup.resolve(db, start), lookup.resolve(db, end), realised=realised, limit=limit, lift=lift
        )
        names = {actor.id: actor.name for actor in lookup.actors(db, everyone=True)}
        behind = lookup.quotes(db) if sentences else {}
    for number, way in enumerate(ways, 1):
        print_line(f"{number}. {' – '.join([names[way[0].start], *(names[hop.end] for hop in way)])}")
        for hop in way:
            for tie in hop.ties:
                ids = " ".join(claim[:8] for claim in json.loads(tie.claims))
                print_line(f"   {names[tie.source]} {tie.type} {names[tie.target]} ({tie.status}; claims {ids})")
                for quote in (quote for claim in json.loads(tie.claims) for quote in behind.get(claim, ())):
                    print_line(
                        f"      {quote.status}: {' '.join(quote.sentence.split())} ({quote.path or quote.article})"
                    )


@main.command(epilog=example("kgraph stats"))
@graph_option
@period_options
@roll_up_option
def stats(folder: Path, period: Period, roll_up: str | None) -> None:
    """Print what a graph consists of, and its busiest actors."""
    from kgraph import lookup
    from kgraph.lookup import networks

    with opened(folder, period) as db:
        found = networks.stats(db, lift=lookup.lifted(db, roll_up) if roll_up else {})
    dates = f", published {found.first_published} to {found.last_published}" if found.first_published else ""
    print_line(f"{found.articles} articles{dates}; {found.evidence} sentences of evidence")
    for title, counts in (("actors", found.actors), ("claims", found.claims), ("claims by status", found.statuses)):
        print_line(f"{sum(counts.values())} {title}: {', '.join(f'{name} {n}' for name, n in counts.items())}")
    print_line(f"{found.edges} edges, in {found.components} separate parts")
    print_line(f"busiest: {', '.join(f'{name} {n}' for _, name, n in found.central)}")
