"""The bars that each style's drums are made of: sixteen characters a bar and drum, ``X`` loud, ``x`` normal, ``o``
soft, ``.`` silent, ``r`` two thirty-seconds, ``t`` three strokes in the time of two sixteenths."""

from dataclasses import dataclass, field
from typing import Final

from boumb_assets.contracts.loop_request import Style

# General MIDI percussion keys.
KICK, RIM, SNARE, CLAP, CLOSED, OPEN, PEDAL, RIDE = 36, 37, 38, 39, 42, 46, 44, 51
LOW_TOM, MID_TOM, HIGH_TOM, TAMBOURINE, COWBELL = 45, 47, 50, 54, 56
CONGA_MUTE, CONGA_OPEN, CONGA_LOW, SHAKER, CLAVES, WOODBLOCK = 62, 63, 64, 70, 75, 76


@dataclass(frozen=True, slots=True)
class Kit:
    """A style's drums: bars to choose from for each drum, and its fills (drum, last half bar) as alternatives."""

    kick: tuple[str, ...]
    snare: tuple[str, ...]
    hats: tuple[str, ...]
    open_hats: tuple[str, ...]
    percussion: tuple[str, ...]
    snare_key: int = SNARE
    hat_key: int = CLOSED
    percussion_keys: tuple[int, ...] = (TAMBOURINE,)
    fills: tuple[dict[int, str], ...] = field(default_factory=tuple)
    late_snare: int = 0  # ticks


KITS: Final[dict[Style, Kit]] = {
    "funk": Kit(
        kick=("X.x.......x..x..", "X..x....x.x.....", "X.....x..xX.....", "X.x...x...x..x.x", "X..x..x.o.x....."),
        snare=("....X..o.o..X..o", "....X..o....X.o.", "....X.o..o.oX...", "....X..o.o.oX..."),
        hats=("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "X.xoX.xoX.xoX.xo", "xxxxxxx.xxxxxxx."),
        open_hats=("................", "..........x.....", "..............x.", "......x........."),
        percussion=("..x...x...x...x.", "x..x..x...x.x...", "....x.......x..."),
        percussion_keys=(TAMBOURINE, COWBELL, CONGA_OPEN),
        fills=(
            {SNARE: "X.oxX.xX"},
            {SNARE: "xoXoxxXX"},
            {SNARE: "X.xx....", LOW_TOM: ".....xX."},
            {KICK: "X..x..X.", SNARE: ".ox.Xx.X"},
        ),
    ),
    "house": Kit(
        kick=("X...X...X...X...", "X...X...X...X...", "X...X...X...X..o", "X...X...X..xX..."),
        snare=("....X.......X...", "....X.......X..o", "....X..o....X..."),
        hats=("xoxoxoxoxoxoxoxo", "x.xox.xox.xox.xo", ".xo..xo..xo..xo.", "o..xo..xo..xo..x"),
        open_hats=("..X...X...X...X.", "..X...X...X...X.", "..x...X...x...Xo"),
        percussion=("..x..x....x..x..", "x..x..x..x..x.x.", "...x..x....x..x.", ".......x..x....x"),
        snare_key=CLAP,
        percussion_keys=(SHAKER, CONGA_OPEN, TAMBOURINE, CONGA_LOW),
        fills=(
            {CLAP: "....X.xx"},
            {SNARE: "..x.x.xX"},
            {KICK: "........", SNARE: "x..x..XX"},
            {CONGA_OPEN: "x.xx.xx."},
        ),
    ),
    "techno": Kit(
        kick=("X...X...X...X...", "X...X...X...X...", "X...X...X...X.o.", "X..oX...X..oX..."),
        snare=("................", "....x.......x...", "............X...", "....X.......X..."),
        hats=("..x...x...x...x.", "xoxoxoxoxoxoxoxo", "oxxooxxooxxooxxo", ".oxo.oxo.oxo.oxo"),
        open_hats=("..X...X...X...X.", "..X...X...X...X.", "................"),
        percussion=("x..x..x..x..x..x", "...x.......x....", ".x....x..x....x.", "..x..x..x..x..x."),
        snare_key=CLAP,
        percussion_keys=(MID_TOM, RIM, COWBELL, WOODBLOCK),
        fills=(
            {KICK: "X.......", CLAP: "....x.xX"},
            {SNARE: "oooxxxXX"},
            {LOW_TOM: "x..x..xx"},
            {KICK: "X...X.XX"},
        ),
    ),
    "lo-fi": Kit(
        kick=("X.......x.x.....", "X..x......x.....", "X.....x...x.....", "X......xx......."),
        snare=("....X.......X...", "....X.......X..o", "....X..o....X..."),
        hats=("x.x.x.x.x.x.x.x.", "x.xox.x.x.x.x.xo", "x.o.x.o.x.o.x.o.", "x.x.x.xxx.x.x.x."),
        open_hats=("................", "................", "..............x."),
        percussion=("...o..o....o..o.", "..........o.....", "o.......o......."),
        percussion_keys=(SHAKER, TAMBOURINE),
        fills=(
            {SNARE: "....X.ox"},
            {SNARE: "..o.X..x", KICK: "x..x...."},
            {KICK: "..x..x..", SNARE: "....X..."},
        ),
        late_snare=14,
    ),
    "dub": Kit(
        kick=(
            "........X.......", "........X.......", "........X.....x.", "........X...x...", "X.......X.......",
            "X...X...X...X...",
        ),
        snare=("........X.......", "........X.....o.", "........X..o....", "......o.X......."),
        hats=("x.x.x.x.x.x.x.x.", "..x...x...x...x.", "x.xox.x.x.xox.x.", "..xx..x...xx..x."),
        open_hats=("................", "..............x.", "......x........."),
        percussion=("x.....x...x.....", "...x.......x....", "......x.....x.x."),
        snare_key=RIM,
        percussion_keys=(CONGA_OPEN, WOODBLOCK, MID_TOM),
        fills=(
            {SNARE: "....xxX.", MID_TOM: "......x."},
            {HIGH_TOM: "x..x....", LOW_TOM: "....x.x."},
            {SNARE: "t.x..X.."},
            {SNARE: "X..X..X."},
        ),
        late_snare=8,
    ),
    "trap": Kit(
        kick=("X.....x...x.....", "X......x..x.....", "X..x......x..x..", "X.........x.....", "X......X...x..x."),
        snare=("........X.......", "........X.......", "........X......o", "........X.....o."),
        hats=("x.x.x.x.x.x.x.rr", "x.x.x.rrx.x.x.x.", "xxxxxxxxxxxxxxrr", "x.x.t.x.x.x.x.t.", "x.xxx.x.x.xrx.x."),
        open_hats=("................", "......x.........", "..............X."),
        percussion=("...x......x.....", "..........x..x..", "......x........."),
        snare_key=CLAP,
        percussion_keys=(WOODBLOCK, RIM, MID_TOM),
        fills=(
            {SNARE: "X..x..rr", CLOSED: "xxrrttrr"},
            {SNARE: "X...xxrr"},
            {KICK: "..x..x..", CLOSED: "rrrrxxrr"},
            {CLAP: "X.....X."},
        ),
    ),
    "jazz": Kit(
        kick=("o...o...o...o...", "..............o.", "......o.........", "o.........o....."),
        snare=("......o.........", "..............o.", "..o.......o.....", "......o...o...x."),
        hats=("x...x.x.x...x.x.", "x...x.x.x...x.x.", "x...x...x...x.x.", "x.x.x...x.x.x..."),
        open_hats=("................",),
        percussion=("................", "............o..."),
        hat_key=RIDE,
        percussion_keys=(RIM,),
        fills=(
            {SNARE: "x.t.x.X."},
            {SNARE: "t.x.....", LOW_TOM: "....x.X."},
            {SNARE: "..x.x.x.", KICK: "......X."},
            {SNARE: "x.x.t.X."},
        ),
    ),
    "ambient": Kit(
        kick=("x...............", "x.........o.....", "x.......o.......", "o.....o........."),
        snare=("................", "........o.......", "............o..."),
        hats=("o...o...o...o...", "..o...o...o...o.", "................", "o.o.o.o.o.o.o.o."),
        open_hats=("................", "..........o.....", "......o........."),
        percussion=("...o......o.....", "o.......o.....o.", "......o.....o...", "..o..o..o......."),
        snare_key=RIM,
        percussion_keys=(SHAKER, WOODBLOCK, CLAVES, MID_TOM),
        fills=(
            {MID_TOM: "o...o..o"},
            {OPEN: "....o..."},
            {LOW_TOM: "o..o...."},
            {RIM: "....o.oo"},
        ),
    ),
    "chiptune": Kit(
        kick=("X...X...X...X...", "X..xX...X..xX...", "X.......X.x.....", "X.....x.X......."),
        snare=("....X.......X...", "....X.......X.x.", "....X..x....X..."),
        hats=("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx", "..x...x...x...x.", "xox.xox.xox.xox."),
        open_hats=("................", "..............x."),
        percussion=("................", "..x.....x.......", "......x...x....."),
        percussion_keys=(HIGH_TOM, COWBELL),
        fills=(
            {SNARE: "X.x.xxXX"},
            {SNARE: "xxxxXXXX"},
            {HIGH_TOM: "xx......", MID_TOM: "..xx....", LOW_TOM: "....xxXX"},
            {SNARE: "X..X..XX"},
        ),
    ),
    "bossa": Kit(
        kick=("X.....x.X.....x.", "X.....x.x.....X.", "x.......X.....x.", "X.....o.X.....o."),
        snare=("X.....x.....x...", "....x.....x.....", "x.....x.....x...", "..x.....x.....x."),
        hats=("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "x.xox.xox.xox.xo"),
        open_hats=("................", "..............o."),
        percussion=("o.x.o.x.o.x.o.x.", "x.ox.ox.x.ox.ox.", "................"),
        snare_key=RIM,
        percussion_keys=(SHAKER, CONGA_OPEN),
        fills=(
            {RIM: "x..x..x."},
            {SNARE: "..o.x.xx"},
            {LOW_TOM: "..x...x.", RIM: "x...x..."},
            {SNARE: "x.o.x.o."},
        ),
    ),
}  # fmt: skip

# The bossa's rim click is a two-bar figure: three clicks and two, or two and three.
BOSSA_CLAVE: Final = (("X.....x.....x...", "....x.....x....."), ("....X.....x.....", "X.....x.....x..."))
