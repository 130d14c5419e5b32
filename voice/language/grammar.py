"""Writes a closed grammar: the phrases that can be heard, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class _Branch:
    """What can follow some first words."""

    after: dict[str, _Branch] = field(default_factory=dict)
    ends: bool = False


def jsgf(phrases: Iterable[str]) -> str:
    """A JSGF grammar of whole phrases (words between blanks). Raises ValueError when there is none.

    Phrases that begin alike share their beginning: with thousands of them, recognisers take many times longer else.
    """
    root = _Branch()
    for phrase in sorted(set(phrases)):
        branch = root
        for word in phrase.split():
            branch = branch.after.setdefault(word, _Branch())
        branch.ends = True
    if not root.after:
        raise ValueError("a grammar needs phrases")
    listed = "\n  | ".join(_written(word, branch) for word, branch in root.after.items())
    return f"#JSGF V1.0;\ngrammar coach;\npublic <said> =\n    {listed} ;\n"


def _written(word: str, branch: _Branch) -> str:
    if not branch.after:
        return word
    following = " | ".join(_written(*pair) for pair in branch.after.items())
    return f"{word} [ {following} ]" if branch.ends else f"{word} ( {following} )"
