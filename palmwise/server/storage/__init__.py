"""Where conversations are kept: tracker store, database workers, SQL, locks."""
