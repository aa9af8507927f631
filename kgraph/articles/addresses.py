"""What an address says of which article it is: its spellings are one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|cmpid)(?:=|$)",
    re.I,
)
_PORTS = {"http": 80, "https": 443}


def canonical(url: str | None) -> str | None:
    """The address that the spellings of a URL share; None where there is none to speak of.

    http and https are one; a host is in lower case; default port, fragment, tracking and a slash at the end say nothing.
    """
    try:
        parts = urlsplit((url or "").strip())
        host, port, scheme = parts.hostname, parts.port, parts.scheme.lower()
    except ValueError:  # brackets or a port that are none
        return None
    if not host:
        return None
    web = scheme in ("", "http", "https")
    shown = f":{port}" if port and port != _PORTS.get(scheme) else ""
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.match(part))
    path = f"{host.rstrip('.')}{shown}{parts.path.rstrip('/')}{f'?{query}' * bool(query)}"
    return path if web else f"{scheme}://{path}"
