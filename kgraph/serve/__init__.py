"""The graph over HTTP: the explorer and its server, for this machine alone."""
