"""Names the gentle movements that a picture may make."""

from __future__ import annotations

CIRCLING = """
.mv{animation:m 4s linear infinite}
@keyframes m{from{transform:rotate(0) translate(5px) rotate(0)}
to{transform:rotate(360deg) translate(5px) rotate(-360deg)}}
"""


def sliding(x: float, y: float, seconds: float = 4) -> str:
    """Slide by x, y, fade, begin again: a stroke that only goes one way."""
    return (
        f".mv{{animation:m {seconds:g}s ease-in-out infinite}}"
        "@keyframes m{0%{transform:none}"
        f"70%,80%{{transform:translate({x:g}px,{y:g}px)}}to{{transform:none}}}}"
    )


def rocking(name: str, degrees: float, x: float, y: float, seconds: float = 4) -> str:
    """Rock the class `name` around a point."""
    return (
        f".{name}{{transform-origin:{x:g}px {y:g}px;animation:{name} {seconds:g}s ease-in-out infinite alternate}}"
        f"@keyframes {name}{{from{{transform:rotate({-degrees:g}deg)}}to{{transform:rotate({degrees:g}deg)}}}}"
    )
