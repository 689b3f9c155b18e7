"""Problems of definitions that know where they stand."""

from tiffin.kernel.errors import InvalidDefinition, Place


class Spoiled(Exception):
    """A metric rests on a source that has a problem."""


class Misplaced(InvalidDefinition):
    """A problem that knows its line better than whoever reports it."""

    def __init__(self, message: str, place: Place | None) -> None:
        super().__init__(message)
        self.place = place


class At:
    """Gives problems found within the line at which the faulty text stands, unless they know a better one."""

    def __init__(self, place: Place | None) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InvalidDefinition) and not isinstance(error, Misplaced):
            raise Misplaced(error.said, self._place) from error
