"""The errors of this package."""


class EngineError(Exception):
    """Base of every error raised here."""


class SettingError(EngineError):
    """A setting of a store has a value that it cannot have."""


class StoreUnavailableError(EngineError):
    """The database did not take or give a conversation; nothing of the turn was kept, unless it is an `UnsureError`."""


class StaleTurnError(StoreUnavailableError):
    """Another server has written to the conversation since this turn read it; nothing of the turn was kept."""


class UnsureError(StoreUnavailableError):
    """The database was lost, or fell silent, while it took a turn: all of that is kept, perhaps later, or nothing."""


class LockUnavailableError(EngineError):
    """A conversation's turn could not be had from the lock store."""
