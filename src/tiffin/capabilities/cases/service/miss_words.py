"""The words of misses as cases; most are those of other sorts."""

from tiffin.runtime.i18n import mark

MISS_WORDS = {
    "supply_miss": mark("Supply missed demand"),
    "answer_miss": mark("Say what was done about it"),
}

MISS_CLOCKS = {"miss_settled": mark("It is said what follows from it")}
