"""review: the queue of what is weak and matters most, as a list or as a walk that asks about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from kgraph.cli.options import (
    ask,
    example,
    format_option,
    graph_option,
    main,
    print_line,
    print_rows,
    print_styled,
    say,
    styled,
    trust_option,
)
from kgraph.errors import KgraphError
from kgraph.safe_text import one_line

if TYPE_CHECKING:
    from kgraph import Decision, Doubt, Graph, Quote

# What may be answered, and what it does.
ANSWERS = {
    "claim": {
        "a": "accept", "r": "reject", "d": "disbelieve", "e": "edit", "c": "comment", "s": "skip", "b": "back", "q": "quit",
    },
    "actors": {"y": "same", "n": "not_same", "u": "unsure", "s": "skip", "b": "back", "q": "quit"},
}  # fmt: skip
WORDS = {"disbelieve": "do not believe", "not_same": "not the same", "same": "yes, the same"}
MOST_SHOWN = 5  # sentences of one claim


@main.command(epilog=example("kgraph review", "kgraph review --list --limit 20"))
@graph_option
@click.option("--list", "listed", is_flag=True, help="Print the queue instead of walking through it.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.option("--who", default="", envvar="USER", help="Who reviews.")
@trust_option
@format_option
def review(graph: Graph, listed: bool, limit: int, who: str, trust: str, form: str) -> None:
    """Walk through what is weak and matters most: hardly trusted, disputed, of a single origin, uncertain, spelt alike.

    Claims are asked about that --trust shows or just does not show, of the same weight the less sure ones first.
    Each can be judged, corrected (roles, status, dates), remarked on or left; going back takes back what was said.
    """
    queue = graph.doubts(trust=trust)
    if listed:
        rows = [
            {"id": d.one[:8] if d.what == "claim" else d.one, "what": d.what, "text": d.text, "why": d.why, "weight": d.weight}
            for d in queue[:limit]
        ]  # fmt: skip
        print_rows(form, ("id", "what", "text", "why", "weight"), rows)
        return
    walk = _Walk(graph, queue[:limit], who)
    walk.go()
    if walk.made:
        graph.refresh()
    say(f"{len(walk.made)} decisions made; {len(queue)} were in the queue.")


@dataclass
class _Walk:
    """Where a person is in the queue. What was decided is written at once, so that a break loses nothing."""

    graph: Graph
    queue: list[Doubt]
    who: str
    at: int = 0
    made: list[tuple[int, Decision]] = field(default_factory=list)  # where in the queue, and what

    def go(self) -> None:
        shown = None
        while self.at < len(self.queue):
            try:
                if self.at != shown:
                    self._show()
                    shown = self.at
                if not self._step():
                    return
            except click.Abort:
                return
            except KgraphError as error:  # a name that nobody goes by, a date that is none: asked again
                say(f"  {error}")
            except UnicodeDecodeError:
                say("  what was typed is no text in UTF-8; type it again")

    def _step(self) -> bool:
        """Asks about the place; says whether to go on."""
        answers = ANSWERS[self.queue[self.at].what]
        choices = ", ".join(f"{key} {WORDS.get(action, action)}" for key, action in answers.items())
        action = answers[ask(f"  {choices}", type=click.Choice(list(answers)), show_choices=False)]
        if action in _STEPS:
            _STEPS[action](self)
        elif action != "quit":
            self._judge(action)
        return action != "quit"

    def _judge(self, action: str) -> None:
        doubt = self.queue[self.at]
        why = _line("why") if action in ("reject", "disbelieve") else ""
        self._decide(action, doubt.one, doubt.other, why=why)
        self.at += 1

    def _skip(self) -> None:
        self.at += 1

    def _comment(self) -> None:
        if words := _line("comment"):
            self._decide("comment", self.queue[self.at].one, words)

    def _back(self) -> None:
        """To the one before; what was said of it is taken back."""
        self.at = max(0, self.at - 1)
        while self.made and self.made[-1][0] >= self.at:
            self.graph.undo(self.made.pop()[1].id, who=self.who, settle=False)

    def _edit(self) -> None:
        """Asks what of which sentence is otherwise, and what is right; empty leaves it, a dash is nobody or nothing."""
        evidence = self._which()
        found = self.graph.parts(evidence)
        for number, part in enumerate(found, 1):
            print_line(f"    {number:2}  {part.field:15} {part.shown or '-'}")
        number = ask("  which is wrong (0 none)", type=click.IntRange(0, len(found)), default=0)
        if not number:
            return
        part = found[number - 1]
        known = f" ({', '.join(part.choices)})" if part.choices else ""
        if right := _line(f"{part.field} is{known}, - for none"):
            more = {"details": {"instead": part.instead}} if part.instead else {}
            self._decide("edit", evidence, "" if right == "-" else right, field=part.field, **more)

    def _which(self) -> str:
        behind = self._sentences()
        most = min(len(behind), MOST_SHOWN)
        if most == 1:
            return behind[0].id
        return behind[int(ask("  which sentence", type=click.IntRange(1, most))) - 1].id

    def _decide(self, action: str, target: str, value: str = "", **more: Any) -> None:
        made = self.graph.decide(action, target, value, who=self.who, settle=False, **more)
        self.made.append((self.at, made))
        if action in ("edit", "comment"):
            print_line(f"    {made}")

    # What is seen.

    def _sentences(self) -> tuple[Quote, ...]:
        return self.graph.quotes(self.queue[self.at].one)

    def _show(self) -> None:
        from kgraph.cli.show import event_dates

        doubt = self.queue[self.at]
        print_line()
        print_styled(
            f"{self.at + 1}/{len(self.queue)}  {styled(doubt.text, bold=True)} ({one_line(', '.join(doubt.why))})"
        )
        behind = self._sentences() if doubt.what == "claim" else ()
        for number, quote in enumerate(behind[:MOST_SHOWN], 1):
            says = f", says {', to whom '.join(quote.speakers)}" if quote.speakers else ""
            when = f"; happened {event_dates(quote)}" if quote.event_from or quote.event_to else ""
            source = ", ".join(filter(None, (quote.title, quote.outlet, quote.published)))
            print_line(f"  {number}. {quote.status}{says}{when}")
            print_styled(f"     {_marked(quote)}")
            print_line(f"     [{source or quote.article}]")
        if len(behind) > MOST_SHOWN:
            print_line(f"  and {len(behind) - MOST_SHOWN} more: kgraph explain {doubt.one[:8]}")
        about = filter(None, (doubt.one, doubt.other, *(quote.id for quote in behind)))
        for remark in self.graph.remarks(*about):
            print_line(f"  comment: {remark}")


_STEPS = {"skip": _Walk._skip, "back": _Walk._back, "edit": _Walk._edit, "comment": _Walk._comment}


def _line(words: str) -> str:
    """A line that may be empty."""
    return str(ask(f"  {words}", default="", show_default=False)).strip()


def _marked(quote: Quote) -> str:
    """The sentence with the words that name actors and relation underlined, where the terminal can."""
    text, at = "", 0
    for start, end in quote.marks:
        if start >= at:
            text += one_line(quote.sentence[at:start]) + styled(quote.sentence[start:end], underline=True)
            at = end
    return " ".join((text + one_line(quote.sentence[at:])).split())
