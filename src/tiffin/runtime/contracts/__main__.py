"""Write again what is generated from the contracts: ``python -m tiffin.runtime.contracts``."""

import sys

from tiffin.runtime.contracts.generating import generated_files, stale_files

if __name__ == "__main__":
    stale = stale_files()
    if "--check" not in sys.argv[1:]:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path in (files := generated_files()):
                path.write_text(files[path], encoding="utf-8")
            else:
                path.unlink()
    for path in stale:
        sys.stdout.write(f"{path}\n")
    sys.exit(1 if stale and "--check" in sys.argv[1:] else 0)
