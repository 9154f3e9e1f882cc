"""Numeric loops compiled to machine code.

A module that holds such loops imports numba, which takes half a second: import it where it is used, or from a module
that is itself imported late. The machine code is kept beside the source, or in the user's cache where that cannot be
written, as Python's own .pyc files are; where neither can, it is made again in each process.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """``function`` as machine code, compiled at its first call for the types of its arguments; it releases the GIL.

    Arrays are not checked for bounds: the caller guarantees the shapes that the function's docstring asks for.
    """
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to keep it
        made = numba.njit(nogil=True)(function)
    return cast(Function, made)
