"""Holds the one look of all pictures: colours in the light and in the dark, lines, movement."""

from __future__ import annotations

from dataclasses import dataclass

LIGHT = """
.bg{fill:#e8f0ec}
.a .lo{fill:#e0ab8b}.a .hi{fill:#f5d3b9}.a .ln{stroke:#85533a}.a .in{stroke:#a86b4b}
.b .lo{fill:#b0714c}.b .hi{fill:#cd9268}.b .ln{stroke:#5f3722}.b .in{stroke:#7d4a2e}
.ln,.in,.go,.ha{fill:none;stroke-linecap:round;stroke-linejoin:round}
.ln{stroke-width:1.7}.in{stroke-width:1.2;opacity:.8}
.na{fill:#fbe6da}.b .na{fill:#e9bfa0}
.go{stroke:#0f766e;stroke-width:4.5}.ha{stroke:#fff;stroke-width:9;opacity:.9}
.hd{fill:#0f766e}.hh{fill:#fff;stroke:#fff;stroke-width:5;stroke-linejoin:round;opacity:.9}
.pt{fill:#14b8a6;opacity:.5}.pr{fill:none;stroke:#0f766e;stroke-width:2.5}
.cl{fill:#c9dcd6}.cs{fill:#b4ccc4}
"""
DARK = """
.bg{fill:#20302f}
.a .lo{fill:#c78f70}.a .hi{fill:#e3b898}.a .ln{stroke:#3b2218}.a .in{stroke:#8a5439}
.b .lo{fill:#8f5a3b}.b .hi{fill:#b17a54}.b .ln{stroke:#2b160d}.b .in{stroke:#613720}
.na{fill:#f0d3c0}.b .na{fill:#d3a281}
.go{stroke:#5eead4}.ha{stroke:#12201f}.hd{fill:#5eead4}.hh{fill:#12201f;stroke:#12201f}
.pt{fill:#2dd4bf;opacity:.6}.pr{stroke:#134e4a}
.cl{fill:#35504c}.cs{fill:#2b4340}
"""
GRADIENTS = (
    '<radialGradient id="rose"><stop stop-color="#e08a6c" stop-opacity=".5"/>'
    '<stop offset="1" stop-color="#e08a6c" stop-opacity="0"/></radialGradient>'
    '<radialGradient id="glow"><stop stop-color="#fff" stop-opacity=".45"/>'
    '<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>'
)


@dataclass(frozen=True)
class Drawing:
    """What is drawn, what it is made of, and the CSS that moves it."""

    body: str
    defs: str
    motion: str = ""


def _tight(css: str) -> str:
    return "".join(line.strip() for line in css.splitlines())


def sheet(motion: str = "") -> str:
    """Give the style element; `motion` is CSS that only runs where movement is welcome."""
    css = _tight(LIGHT) + "@media(prefers-color-scheme:dark){" + _tight(DARK) + "}"
    if motion:
        css += _tight(motion) + "@media(prefers-reduced-motion:reduce){*{animation:none!important}}"
    return f"<style>{css}</style>"


def page(title: str, desc: str, drawing: Drawing) -> str:
    """Wrap a drawing: names for those who cannot see it, the style, the ground it lies on."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" role="img" '
        'aria-labelledby="t d">'
        f'<title id="t">{title}</title><desc id="d">{desc}</desc>{sheet(drawing.motion)}'
        f'<defs>{GRADIENTS}<clipPath id="pg"><rect width="320" height="320" rx="28"/></clipPath>'
        f'{drawing.defs}</defs><g clip-path="url(#pg)"><path class="bg" d="M0 0h320v320H0z"/>{drawing.body}</g></svg>\n'
    )
