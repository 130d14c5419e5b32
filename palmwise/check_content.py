"""`palmwise check`: report every mistake in a content folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from palmwise import resources
from palmwise.coach.content_loader import load_content
from palmwise.errors import ContentError


def main() -> int:
    """Check the folder named on the command line, or the usual one; the exit code of `check_folder`."""
    parser = argparse.ArgumentParser(prog="palmwise check", description="Check what the coach knows and says.")
    parser.add_argument("folder", nargs="?", type=Path, default=resources.content_folder(), help="default: %(default)s")
    return check_folder(parser.parse_args().folder)


def check_folder(folder: Path) -> int:
    """Print every mistake in `folder`; 0 if there are none, 1 otherwise."""
    try:
        content = load_content(folder)
    except ContentError as error:
        sys.stderr.write(f"{error}\n{len(error.problems)} to mend in {folder}\n")
        return 1
    sys.stdout.write(
        f"{folder}: {len(content.routines)} routines, {len(content.techniques)} techniques, "
        f"{len(content.faqs) + len(content.answers)} answers, {len(content.symptoms)} symptoms, no mistakes\n"
    )
    return 0
