"""The errors of this package."""


class EngineError(Exception):
    """Base of every error raised here."""


class SettingError(EngineError):
    """A setting of a store has a value that it cannot have."""


class StoreUnavailableError(EngineError):
    """The database did not take or give a conversation; nothing of the turn was kept."""


class StaleTurnError(StoreUnavailableError):
    """Another server has written to the conversation since this turn read it; nothing of the turn was kept."""


class UnsureError(StoreUnavailableError):
    """The database was lost while it committed a turn, which was kept as a whole or not at all."""


class LockUnavailableError(EngineError):
    """A conversation's turn could not be had from the lock store."""
