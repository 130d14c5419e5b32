"""Which parts of Rasa are replaced, as the environment says."""

import os
from collections.abc import Mapping

VARIABLE = "PALMWISE_STOCK_ENGINE"
PARTS = frozenset({"actions", "domain", "events", "graph", "logging", "parses", "rules", "schema", "store"})


def replaced(part: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `part` (one of `PARTS`) is ours; the variable holds `1`, `all` or a list of stock parts with commas."""
    stock = {name.strip() for name in environment.get(VARIABLE, "").lower().split(",")}
    return not stock & {"1", "all", "true", part}
