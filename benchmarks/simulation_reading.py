"""What the benchmarks of the simulator share: reading instances, telling a figure beside its target."""

from pathlib import Path

from tiffin.capabilities.rehearsals.domain.instance_files import INSTANCE_FILES, read_instance
from tiffin.engines.simulation.instances.instance import Instance


def read_all(folder: Path) -> dict[str, Instance]:
    """Read every instance below a folder."""
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def _read(folder: Path) -> Instance:
    return read_instance({name: (folder / name).read_text(encoding="utf-8") for name in INSTANCE_FILES})


def told(what: str, found: float, unit: str, *, least: float | None = None, most: float | None = None) -> None:
    """Print a figure, its target if there is one, and whether it is reached."""
    target = "" if least is None else f"   asked: at least {least:g}"
    target = target if most is None else f"   asked: at most {most:g}"
    missed = (least is not None and found < least) or (most is not None and found > most)
    verdict = "" if not target else "   MISSED" if missed else "   reached"
    print(f"{what}: {found:.3f} {unit}{target}{verdict}", flush=True)
