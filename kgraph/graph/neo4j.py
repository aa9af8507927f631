"""A Neo4j that holds the graph: connecting to it, asking it, and what its failures mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from itertools import islice
from secrets import token_hex
from threading import TIMEOUT_MAX, Thread
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.graph import NO_LIMITS, Answer, Limits, check_url, too_much
from kgraph.graph.cypher import PROCEDURES, READS_ONLY, check_reading
from kgraph.graph.engine import MOST_DEEP, weight
from kgraph.graph.nodes import META, OWNER
from kgraph.graph.statements import safe

if TYPE_CHECKING:
    import neo4j

GRACE = 0.5  # seconds that a server has to say itself that the time is over
PATIENCE = 2  # seconds for it to end a question
OLDEST = 5  # the major version of Neo4j from which on all that is used here exists


class Server:
    """A Neo4j to ask. Implements Store."""

    def __init__(self, driver: neo4j.Driver, again: Callable[[], neo4j.Driver]) -> None:
        self._driver: neo4j.Driver | None = driver
        self._again = again  # connects anew, since a question that is given up keeps its connection
        self._explained: set[str] = set()  # texts that were found to read only

    def ask(self, text: str, parameters: Mapping[str, object], limits: Limits = NO_LIMITS) -> Answer:
        check_reading(text)
        driver, name = self._connected(), token_hex(8)
        try:
            return within(
                limits.seconds,
                lambda: self._ask(driver, text, dict(parameters), limits, name),
                # not closed from here: two threads at one connection meet half-sent messages
                given_up=lambda: _close(driver),
            )
        except StillWaiting:
            self._driver = None
            with suppress(StillWaiting, KgraphError):
                within(PATIENCE, lambda: _terminate(self._again, name))
            raise limits.too_long() from None

    def _ask(
        self, driver: neo4j.Driver, text: str, parameters: dict[str, object], limits: Limits, name: str
    ) -> Answer:
        from neo4j import unit_of_work

        with named_failures(limits=limits), driver.session(default_access_mode="READ") as session:
            if text not in self._explained:
                _explain(session, text, parameters)
                self._explained.add(text)
            if limits.seconds is None:
                return session.execute_read(unit_of_work(metadata={"kgraph": name})(_ask), text, parameters, limits)
            # what is given up must not be begun again, as a read is that the server was asked to end
            with session.begin_transaction(metadata={"kgraph": name}, timeout=limits.seconds) as transaction:
                return _ask(transaction, text, parameters, limits)

    def _connected(self) -> neo4j.Driver:
        if self._driver is None:
            self._driver = self._again()
        return self._driver

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


Found = TypeVar("Found")


class StillWaiting(Exception):
    """The time is over, and the work goes on."""


def within(seconds: float | None, work: Callable[[], Found], given_up: Callable[[], object] = lambda: None) -> Found:
    """What some work gives; raises StillWaiting where it takes longer, and leaves it to a thread of its own.

    A server looks after its own limit of time only now and then, and never inside one expression. What is to be done after
    work that was given up, its own thread does.
    """
    if seconds is None:
        return work()
    future: Future[Found] = Future()

    def run() -> None:
        try:
            found = work()
        except BaseException as error:  # it is raised where somebody waits
            future.set_exception(error)
        else:
            future.set_result(found)

    Thread(target=run, daemon=True).start()
    if not wait([future], min(seconds + GRACE, TIMEOUT_MAX)).done:
        future.add_done_callback(lambda _: given_up())
        raise StillWaiting(f"it takes longer than {seconds:g} s")
    return future.result()


def _close(driver: neo4j.Driver) -> None:
    from neo4j.exceptions import DriverError, Neo4jError

    with suppress(OSError, DriverError, Neo4jError):
        driver.close()


def _terminate(connect: Callable[[], neo4j.Driver], name: str) -> None:
    """Ends a transaction, where one may: servers know them by what was said of them when they began."""
    with connect() as driver, named_failures(), driver.session() as session:
        shown = session.run("SHOW TRANSACTIONS YIELD transactionId AS id, metaData AS named RETURN id, named")
        for id in [record["id"] for record in shown if record["named"].get("kgraph") == name]:
            session.run("TERMINATE TRANSACTIONS $id", id=id).consume()


def _explain(session: neo4j.Session, text: str, parameters: dict[str, object]) -> None:
    """Raises UsageError for a text whose plan does more than read the graph; the server says so before it runs it."""
    summary = session.run(safe(f"EXPLAIN {text}"), parameters).consume()
    if summary.query_type != "r":
        raise UsageError(f"{READS_ONLY}; the server would take this for a query that writes or administers")
    for operator, details in _operators(summary.plan or {}):
        procedure = details.partition("(")[0].strip().lower()
        if operator.startswith("LoadCSV") or (operator.startswith("ProcedureCall") and procedure not in PROCEDURES):
            raise UsageError(f"{READS_ONLY}: no files, no addresses, no procedure {procedure}")


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield str(plan.get("operatorType", "")), str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)


def _ask(
    transaction: neo4j.ManagedTransaction | neo4j.Transaction, text: str, parameters: dict[str, object], limits: Limits
) -> Answer:
    result = transaction.run(safe(text), parameters)
    names = tuple(result.keys())
    rows: list[dict[str, Any]] = []
    size = 0
    for record in islice(result, None if limits.rows is None else limits.rows + 1):
        rows.append({name: _plain(record[name]) for name in names})
        size += weight(rows[-1])
        if limits.bytes is not None and size > limits.bytes:
            raise too_much()
    return Answer(names, rows[: limits.rows], limits.rows is not None and len(rows) > limits.rows)


def _plain(value: Any, deep: int = MOST_DEEP) -> Any:
    """A value without the driver's classes: a node or relationship is its properties, a path its nodes."""
    from neo4j.graph import Entity, Path

    if not deep:
        raise UsageError(f"the query does not work: a value has more than {MOST_DEEP} lists or maps inside each other")
    if isinstance(value, Path):
        return [_plain(node, deep - 1) for node in value.nodes]
    if isinstance(value, (Entity, dict)):
        return {name: _plain(each, deep - 1) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, deep - 1) for each in value]
    return value.iso_format() if hasattr(value, "iso_format") else value


# Connecting. ----------------------------------------------------------------------------------------------------------


def open_server(url: str, *, user: str, password: str) -> Server:
    """A Neo4j that holds a graph of ours, to ask it. Raises StoreError in one line where that fails."""
    driver = connect(url, user, password)
    try:
        with named_failures(url):
            owner = driver.execute_query(f"MATCH (m:{META}:{OWNER}) RETURN m.graphId AS graph", routing_="r").records
        if not owner:
            raise StoreError(f"{url}: holds no graph of kgraph's yet; `kgraph push {url}` puts one there")
    except BaseException:
        driver.close()
        raise
    return Server(driver, lambda: connect(url, user, password))


def connect(url: str, user: str, password: str, patience: float = 15) -> neo4j.Driver:
    import logging

    from neo4j import GraphDatabase

    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what fails is said once, in words of ours
    driver = GraphDatabase.driver(
        check_url(url), auth=(user, password), notifications_min_severity="OFF", connection_timeout=15,
        max_transaction_retry_time=patience,
    )  # fmt: skip
    try:
        with named_failures(url):
            check_version(driver.get_server_info().agent)
    except BaseException:
        driver.close()
        raise
    return driver


def check_version(agent: str) -> None:
    """Raises StoreError for a server that is too old ("Neo4j/4.4.38"), or none of Neo4j's making."""
    name, _, version = agent.partition("/")
    major = version.partition(".")[0]
    if name != "Neo4j" or not major.isdigit() or int(major) < OLDEST:
        raise StoreError(f"the server is {agent}; kgraph needs Neo4j {OLDEST} or newer")


@contextmanager
def named_failures(url: str = "the Neo4j", limits: Limits = NO_LIMITS) -> Iterator[None]:
    from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable

    try:
        yield
    except AuthError as error:
        raise StoreError(f"{url}: wrong user or password; set KGRAPH_NEO4J_USER and KGRAPH_NEO4J_PASSWORD") from error
    except ServiceUnavailable as error:
        raise _unavailable(url, error) from error
    except Neo4jError as error:
        if "TransactionTimedOut" in (error.code or "") and limits.seconds:
            raise limits.too_long() from error
        if "ReadOnly" in (error.code or "") or "read-only mode" in (error.message or ""):
            raise StoreError(f"{url}: this Neo4j takes no writes ({_first_line(error)}); push to one that does") from error
        raise _client_error(error) if isinstance(error, ClientError) else _refusal(url, error) from error
    except DriverError as error:
        raise StoreError(f"{url}: {_first_line(error)}") from error


def _unavailable(url: str, error: BaseException) -> StoreError:
    from ssl import SSLCertVerificationError

    for each in _causes(error):
        if isinstance(each, SSLCertVerificationError):
            return StoreError(
                f"{url}: its certificate is not trusted here ({each.verify_message}); let SSL_CERT_FILE name who signed it, "
                "or write bolt+ssc:// (neo4j+ssc://) to trust whoever answers"
            )
    return StoreError(
        f"{url}: no Neo4j answers there, or it went away; is it running, and is the port Bolt's (7687)? "
        "With TLS write bolt+s://, without it bolt://"
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that led to it."""
    while error:
        yield error
        for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from _causes(each)
        error = error.__cause__ or error.__context__


def _refusal(url: str, error: neo4j.exceptions.Neo4jError) -> StoreError:
    return StoreError(f"{url}: the Neo4j refuses: {_first_line(error)}")


def _client_error(error: neo4j.exceptions.ClientError) -> KgraphError:
    code = error.code or ""
    if code.endswith("AuthenticationRateLimit"):
        return StoreError("the Neo4j takes no log-ins for some seconds, after wrong passwords; try again then")
    if code.endswith("AccessMode"):
        return UsageError(f"{READS_ONLY}; `kgraph build` and `kgraph remove` change a graph")
    if code.startswith("Neo.ClientError.Statement"):
        return UsageError(f"the query does not work: {_first_line(error)}")
    return StoreError(f"the Neo4j refuses: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    lines = str(getattr(error, "message", None) or error).strip().splitlines() or [type(error).__name__]
    return " ".join(line.strip() for line in lines[: 1 + lines[0].endswith(":")])
