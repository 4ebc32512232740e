"""Web: what is served over HTTP."""
