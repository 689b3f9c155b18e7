"""The survey of data users: asked at a rhythm per person, answered under a pseudonym, shown only for groups.

A pseudonym is the account's name under a key that only this workspace has: it lets one person answer once a quarter,
and lets his answers be found again for him, without a name beside them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.adoption.domain.satisfaction import (
    HIGHEST,
    LOWEST,
    STATEMENTS,
    Answer,
    GroupScore,
    Share,
    agreeing,
    by_group,
    content,
)
from tiffin.capabilities.adoption.models import SurveyAnswer, SurveyPause
from tiffin.capabilities.adoption.service.feedback import role_of
from tiffin.capabilities.adoption.service.parameters import read_parameters
from tiffin.capabilities.adoption.service.records import require_grant
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Actor, Role
from tiffin.runtime.context import Context
from tiffin.runtime.models import Setting
from tiffin.runtime.tables import ACCOUNTS

KEY = "adoption_survey_key"
MOST = 2000


@dataclass(frozen=True, slots=True)
class WaveScore:
    """One quarter's answers; what is withheld is None.

    Parameters
    ----------
    remarks : tuple of str
        Answers to the open question, in no order that tells of time; to stewards, and of a large enough wave.
    """

    wave: str
    people: int
    content: Share | None
    statements: Mapping[str, Share | None]
    by_role: tuple[GroupScore, ...]
    by_country: tuple[GroupScore, ...]
    remarks: tuple[str, ...]


def wave_of(day: date) -> str:
    """Name the quarter of a day, such as ``2026Q1``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def is_due(context: Context) -> bool:
    """Tell whether the actor should be asked now."""
    if not context.actor.grants:
        return False
    parameters, today = read_parameters(context.workspace, context.now.date()), context.now.date()
    made = context.unit.execute(select(ACCOUNTS.c.created_at).where(ACCOUNTS.c.name == context.actor.name)).scalar()
    if made is None or (context.now - made).days < parameters["survey_first_after_days"]:
        return False
    pseudonym = _pseudonym(context)
    paused = context.session.get(SurveyPause, pseudonym)
    if paused is not None and today < paused.until:
        return False
    last = _last_answer(context, pseudonym)
    return last is None or (today - last).days >= parameters["survey_every_days"]


def put_off(context: Context) -> date:
    """Leave the actor alone for a while; gives the day until which."""
    require_grant(context)
    days = read_parameters(context.workspace, context.now.date())["survey_pause_days"]
    until, pseudonym = context.now.date() + timedelta(days=days), _pseudonym(context)
    context.session.merge(SurveyPause(pseudonym=pseudonym, until=until))
    context.session.flush()
    audit.record(context, action="survey_put_off", subject=wave_of(context.now.date()), actor=_shown(pseudonym))
    return until


def answer(context: Context, scores: Mapping[str, int], *, remark: str = "") -> str:
    """Keep the actor's answers under his pseudonym; gives the wave.

    Raises
    ------
    WrongUse
        A statement is left out, or a score is none of 1 to 5.
    Conflict
        He has answered in this wave already, or not long ago.
    """
    require_grant(context)
    if set(scores) != set(STATEMENTS) or any(not LOWEST <= one <= HIGHEST for one in scores.values()):
        raise WrongUse(Message("Each of the five statements takes a number from 1 to 5. Answer them all."))
    if len(remark) > MOST:
        raise WrongUse(Message("At most {most} characters were expected. Say it shorter.", most=MOST))
    pseudonym, today = _pseudonym(context), context.now.date()
    last = _last_answer(context, pseudonym)
    every = read_parameters(context.workspace, today)["survey_every_days"]
    if last is not None and (today - last).days < every:
        raise _answered()
    row = SurveyAnswer(
        wave=wave_of(today),
        pseudonym=pseudonym,
        role=role_of(context.actor),
        country=_country_of(context.actor),
        scores={name: int(scores[name]) for name in STATEMENTS},
        remark=remark.strip(),
        locale=context.locale,
        answered_on=today,
    )
    try:
        with context.session.begin_nested():
            context.session.add(row)
            context.session.flush()
    except IntegrityError as error:
        raise _answered() from error
    audit.record(context, action="survey_answered", subject=row.wave, actor=_shown(pseudonym))
    return row.wave


def results(context: Context) -> tuple[WaveScore, ...]:
    """Give the score of each quarter, the newest first, with groups that are large enough."""
    require_grant(context)
    minimum = read_parameters(context.workspace, context.now.date())["minimum_group"]
    waves: dict[str, list[SurveyAnswer]] = {}
    for row in context.session.scalars(select(SurveyAnswer)):
        waves.setdefault(row.wave, []).append(row)
    shows_remarks = context.actor.has_role(Role.STEWARD)
    return tuple(
        _wave(wave, waves[wave], minimum=minimum, shows_remarks=shows_remarks) for wave in sorted(waves, reverse=True)
    )


def _wave(wave: str, rows: list[SurveyAnswer], *, minimum: int, shows_remarks: bool) -> WaveScore:
    answers = tuple(Answer(row.wave, row.role, row.country, row.scores) for row in rows)
    roles, countries = _grouped(answers, "role"), _grouped(answers, "country")
    is_shown = shows_remarks and len(answers) >= minimum
    return WaveScore(
        wave=wave,
        people=len(answers),
        content=content(answers, minimum=minimum),
        statements=agreeing(answers, minimum=minimum),
        by_role=by_group(roles, minimum=minimum),
        by_country=by_group(countries, minimum=minimum),
        remarks=tuple(sorted(row.remark for row in rows if row.remark)) if is_shown else (),
    )


def _grouped(answers: tuple[Answer, ...], by: str) -> Mapping[str, tuple[Answer, ...]]:
    found: dict[str, tuple[Answer, ...]] = {}
    for one in answers:
        name = one.role if by == "role" else one.country
        found[name] = (*found.get(name, ()), one)
    return found


def _last_answer(context: Context, pseudonym: str) -> date | None:
    wanted = select(func.max(SurveyAnswer.answered_on)).where(SurveyAnswer.pseudonym == pseudonym)
    return context.session.scalar(wanted)


def forget_respondent(context: Context, account: str) -> int:
    """Take the answers of an account off it, and what its person remarked; gives how many answers there were.

    Scores stay: they are shown for groups, and nothing leads from them to the person any more.
    """
    pseudonym = _pseudonym_of(context, account)
    answers = context.session.scalars(select(SurveyAnswer).where(SurveyAnswer.pseudonym == pseudonym)).all()
    for answer in answers:
        answer.pseudonym, answer.remark = secrets.token_hex(16), ""
    context.session.execute(delete(SurveyPause).where(SurveyPause.pseudonym == pseudonym))
    context.session.flush()
    return len(answers)


def _pseudonym(context: Context) -> str:
    return _pseudonym_of(context, context.actor.name)


def _pseudonym_of(context: Context, account: str) -> str:
    setting = context.session.get(Setting, KEY)
    if setting is None:
        setting = Setting(name=KEY, value=secrets.token_hex(32), changed_at=context.now, changed_by="platform")
        context.session.add(setting)
        context.session.flush()
    return hmac.new(str(setting.value).encode(), account.encode(), hashlib.sha256).hexdigest()[:32]


def _shown(pseudonym: str) -> str:
    return f"pseudonym:{pseudonym[:16]}"


def _country_of(actor: Actor) -> str:
    countries = {country for grant in actor.grants for country in grant.countries}
    return countries.pop() if len(countries) == 1 else EVERY


def _answered() -> Conflict:
    return Conflict(Message("You have answered not long ago. You will be asked again next quarter; thank you."))
