"""Palmwise: a chat and voice coach that talks a person through a hand massage."""

__version__ = "0.1.0"
