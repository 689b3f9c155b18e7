"""Write again what is generated from the contracts: ``python -m tiffin.runtime.contracts [--check]``.

With ``--check`` nothing is written; the files that differ are listed and the exit code is 1 where there are any.
"""

import sys

from tiffin.runtime.contracts.generating import stale_files, write_stale_files


def main(arguments: list[str]) -> int:
    """Write or check the generated files and list those that differed."""
    checking = "--check" in arguments
    differing = stale_files() if checking else write_stale_files()
    sys.stdout.writelines(f"{path}\n" for path in differing)
    return 1 if checking and differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
