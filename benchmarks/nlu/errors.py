"""What can go wrong in the benchmark of understanding."""

from __future__ import annotations


class PipelineError(Exception):
    """A pipeline could not be trained or asked; the message says which and where to read why."""
