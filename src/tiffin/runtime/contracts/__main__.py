"""Write again what is generated from the contracts: ``python -m tiffin.runtime.contracts [--check]``.

With ``--check`` nothing is written; the files that differ are listed and the exit code is 1 where there are any. It is
1 as well, either way, where a translation is older than its English text; those are told on stderr.
"""

import sys

from tiffin.runtime.contracts.generating import aged_translations, stale_files, write_stale_files


def main(arguments: list[str]) -> int:
    """Write or check the generated files, list those that differed, and tell which texts are to be translated again."""
    checking = "--check" in arguments
    differing = stale_files() if checking else write_stale_files()
    sys.stdout.writelines(f"{path}\n" for path in differing)
    aged = aged_translations()
    sys.stderr.writelines(
        f"{name} is older than its English text, which has changed since. Translate it again.\n" for name in aged
    )
    return 1 if aged or (checking and differing) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
