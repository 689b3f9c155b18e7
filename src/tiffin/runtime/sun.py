"""When the sun rises and sets: for parts of the day that follow it, such as iftar."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

ZENITH = 90.833
"""Degrees from the zenith at which the sun's upper edge touches the horizon: its half diameter of 16 minutes of arc and
34 of refraction below 90 degrees."""

_UNIX_EPOCH = 2_440_587.5
_J2000 = 2_451_545.0


def sunset_min(days: Sequence[date], latitude: float, longitude: float) -> NDArray[np.float64]:
    """Tell when the sun sets at sea level, in minutes after 00:00 UTC of each calendar day of the place.

    Parameters
    ----------
    days : (n,) sequence of date
        Days of the place's own calendar.
    latitude, longitude : float
        Degrees (WGS 84), north and east positive.

    Returns
    -------
    (n,)
        Minutes, below 0 or above 1440 where the instant lies on a neighbouring day in UTC; not a number where the sun
        does not set that day.

    Notes
    -----
    The low-accuracy equations of Meeus (1998), chapters 25 and 28, as NOAA's solar calculator uses them, taken twice so
    that the sun stands where it stands at sunset and not at noon. Hills, and heights above the sea, are not looked at.

    References
    ----------
    Meeus, J. (1998). Astronomical Algorithms, 2nd ed. Willmann-Bell.
    NOAA Global Monitoring Laboratory. Solar Calculation Details.
    """
    return _crossing(days, latitude, longitude, +1.0)


def sunrise_min(days: Sequence[date], latitude: float, longitude: float) -> NDArray[np.float64]:
    """Tell when the sun rises, in the terms of `sunset_min`."""
    return _crossing(days, latitude, longitude, -1.0)


def _crossing(days: Sequence[date], latitude: float, longitude: float, side: float) -> NDArray[np.float64]:
    midnights = np.array([(day - date(1970, 1, 1)).days for day in days], dtype=np.float64) + _UNIX_EPOCH
    minutes = np.full(len(days), 720.0 - 4.0 * longitude)
    for _ in range(3):
        declination, equation = _sun((midnights + minutes / 1440.0 - _J2000) / 36_525.0)
        angle = _hour_angle(declination, latitude)
        minutes = 720.0 - 4.0 * longitude - equation + side * 4.0 * angle
    return minutes


def _sun(century: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the sun's declination (radians) and the equation of time (minutes) at Julian centuries since 2000."""
    longitude = np.radians((280.46646 + century * (36_000.76983 + century * 0.0003032)) % 360)
    anomaly = np.radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    centre = (
        np.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + np.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + np.sin(3 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1934.136 * century)
    apparent = longitude + np.radians(centre - 0.00569 - 0.00478 * np.sin(node))
    mean_tilt = 23 + (26 + (21.448 - century * (46.815 + century * (0.00059 - century * 0.001813))) / 60) / 60
    tilt = np.radians(mean_tilt + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(tilt) * np.sin(apparent))
    half = np.tan(tilt / 2) ** 2
    equation = (
        half * np.sin(2 * longitude)
        - 2 * eccentricity * np.sin(anomaly)
        + 4 * eccentricity * half * np.sin(anomaly) * np.cos(2 * longitude)
        - 0.5 * half**2 * np.sin(4 * longitude)
        - 1.25 * eccentricity**2 * np.sin(2 * anomaly)
    )
    return declination, 4.0 * np.degrees(equation)


def _hour_angle(declination: NDArray[np.float64], latitude: float) -> NDArray[np.float64]:
    """Give the degrees that the sky turns between noon and the crossing; not a number where there is none."""
    place = np.radians(latitude)
    cosine = np.cos(np.radians(ZENITH)) / (np.cos(place) * np.cos(declination)) - np.tan(place) * np.tan(declination)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.degrees(np.arccos(cosine)), dtype=np.float64)
