"""How the event loop is compiled, and how its machine code is kept."""

import hashlib
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, ParamSpec, TypeVar, cast

import numba

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_ENTRY = {"cache": True, "nogil": True, "_nrt": False}
"""Compiled code makes no arrays, so it need not count references: that alone is a tenfold gain on passing the state."""
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True, "_nrt": False}
"""A call would hand over the state piece by piece, a hundred numbers each time: days run ten times faster without."""
_MADE_OF: dict[str, bytes] = {}
"""What each compiled function is made of, and so what it calls is: by its module and name."""

# The overloads of numba's own annotations leave out the options that matter here.
_njit = cast("Callable[..., Any]", numba.njit)


def inner(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Compile a function that only compiled code calls, without the wrappers for Python, which cost most to compile.

    Notes
    -----
    Its machine code is kept as a part of the entry's, not by itself.
    """
    _MADE_OF[_name(function)] = _made_of(function)
    return cast("Callable[_Arguments, _Result]", _njit(**_INNER)(function))


def entry(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Compile a function that Python calls; its machine code is kept, so that only the first run of all compiles.

    Notes
    -----
    numba looks at the date of one source file only, and would go on using old code after a change in another. The name
    under which the code is kept therefore carries a digest of everything that it calls, however far down.
    """
    digest = hashlib.sha256(repr((_ENTRY, _INNER)).encode() + _made_of(function)).hexdigest()[:16]
    cast("FunctionType", function).__qualname__ += f"_{digest}"
    try:
        compiled = _njit(**_ENTRY)(function)
    except RuntimeError:  # numba's word for "no folder to keep code in": a read-only installation and no home
        compiled = _njit(**{**_ENTRY, "cache": False})(function)
    return cast("Callable[_Arguments, _Result]", compiled)


def _made_of(function: Callable[..., Any]) -> bytes:
    code: CodeType = cast("FunctionType", function).__code__
    known = cast("FunctionType", function).__globals__
    numbers = [(name, known[name]) for name in code.co_names if isinstance(known.get(name), int | float)]
    called = [_MADE_OF[_name(found)] for name in code.co_names if _name(found := known.get(name)) in _MADE_OF]
    own = repr((function.__name__, code.co_code, code.co_consts, code.co_names, numbers)).encode()
    return hashlib.sha256(b"".join([own, *called])).digest()


def _name(function: object) -> str:
    made = getattr(function, "py_func", function)
    return f"{getattr(made, '__module__', '')}.{getattr(made, '__name__', '')}"
