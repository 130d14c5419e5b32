"""Checks a content folder: `python -m palmwise.coach.check content`."""

from __future__ import annotations

import sys
from pathlib import Path

from palmwise.coach.content import load_content
from palmwise.coach.errors import ContentError


def main(arguments: list[str]) -> int:
    """Prints every mistake; 0 when there is none."""
    folder = Path(arguments[0] if arguments else "content")
    try:
        content = load_content(folder)
    except ContentError as error:
        sys.stderr.write(f"{error}\n{len(error.problems)} to mend in {folder}\n")
        return 1
    sys.stdout.write(
        f"{folder}: {len(content.routines)} routines, {len(content.techniques)} techniques, "
        f"{len(content.faqs)} answers, {len(content.symptoms)} symptoms, all fine\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
