"""How the event loop is compiled."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def inner(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Compile a function that only compiled code calls: without the wrappers for Python, which would be most of the compiling."""
    compiled: Callable[_Arguments, _Result] = njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return compiled


def entry(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Compile a function that Python calls; the machine code is kept beside the source, so that only the first run of all compiles."""
    compiled: Callable[_Arguments, _Result] = njit(cache=True)(function)
    return compiled
