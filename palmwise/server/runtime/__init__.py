"""What runs inside Rasa in place of its own parts: patches, and the custom actions.

The channel calls `install(agent)` once Rasa has loaded its agent.
"""

from palmwise.server.runtime.patches import install

__all__ = ["install"]
