"""Copying many bytes at once inside compiled loops."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


def block_copier(size: int) -> Any:
    """What compiled loops call as ``copy(out, to, source, begin)``: copies ``size`` bytes of ``source[begin:]`` to
    ``out[to:]``, arrays of bytes that have room for them, in what vectors the processor has; a loop over bytes takes
    ten times as long. It becomes part of the loop that calls it: a change here is seen when that one's file changes.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def copy(context: Any, out: Any, to: Any, source: Any, begin: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            block = ir.VectorType(ir.IntType(8), size).as_pointer()
            target, origin = (
                builder.bitcast(
                    builder.gep(cgutils.create_struct_proxy(kind)(context, builder, array).data, [place]), block
                )
                for kind, array, place in ((signature.args[0], *values[:2]), (signature.args[2], *values[2:]))
            )
            loaded = builder.load(origin, align=1)
            builder.store(loaded, target, align=1)
            return context.get_dummy_value()

        return types.void(out, types.int64, source, types.int64), generate

    return copy
