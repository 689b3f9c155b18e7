"""Who should have a case in hand: by skill, language, market, and how much he has in hand already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody who works on cases can do; an empty tuple means everything.

    Parameters
    ----------
    skills : tuple of str
        Sorts of cases, or of what went wrong.
    countries : tuple of str
        Markets, among those that his grants let him see.
    most : int
        Cases in hand at once.
    in_hand : int
        Those that he has now.
    """

    name: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    most: int = 10
    is_on_duty: bool = True
    in_hand: int = 0

    @property
    def has_room(self) -> bool:
        """Tell whether he can take one more."""
        return self.is_on_duty and self.in_hand < self.most


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that nobody has in hand, as far as it matters for who should take it."""

    case_id: int
    case_type: str
    skill: str | None
    language: str | None
    country: str | None


def fits(profile: Profile, case: Waiting) -> bool:
    """Tell whether somebody can do what a case asks for.

    Examples
    --------
    >>> fits(Profile("ana", skills=("appeal",)), Waiting(1, "appeal", "appeal", "ar", "SA"))
    True
    >>> fits(Profile("ana", languages=("en",)), Waiting(1, "appeal", "appeal", "ar", "SA"))
    False
    """
    skills = {case.case_type, case.skill}
    return (
        (not profile.skills or not skills.isdisjoint(profile.skills))
        and (not profile.languages or case.language is None or case.language in profile.languages)
        and (not profile.countries or case.country is None or case.country in profile.countries)
    )


def share_out(cases: Iterable[Waiting], profiles: Iterable[Profile]) -> Mapping[int, str]:
    """Give each case, the most urgent first, to whoever fits and has the least in hand for what he can have.

    Examples
    --------
    >>> two = (Waiting(1, "appeal", None, None, "SA"), Waiting(2, "appeal", None, None, "SA"))
    >>> share_out(two, (Profile("ana", most=4), Profile("ben", most=4, in_hand=1)))
    {1: 'ana', 2: 'ana'}
    """
    free, found = {one.name: one for one in profiles}, dict[int, str]()
    for case in cases:
        able = [one for one in free.values() if one.has_room and fits(one, case)]
        if able:
            chosen = min(able, key=lambda one: (one.in_hand / one.most, one.name))
            found[case.case_id] = chosen.name
            free[chosen.name] = replace(chosen, in_hand=chosen.in_hand + 1)
    return found
