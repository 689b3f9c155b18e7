"""The words of coaching after a standard of conduct was missed."""

from tiffin.runtime.i18n import mark

COACHING_WORDS = {
    "coaching": mark("Coaching"),
    "coaching_due": mark("The rider is to be told"),
    "coaching_told": mark("The rider was told"),
    "coaching_contested": mark("Waits for an appeal"),
    "coaching_done": mark("Coaching done"),
    "coaching_lapsed": mark("Not needed any more"),
    "tell_rider": mark("Tell the rider"),
    "done_by_rider": mark("Done by the rider himself"),
    "coached": mark("Coaching done"),
    "verdict_contested": mark("A verdict behind it is appealed"),
    "verdict_stands": mark("The verdict behind it stands"),
    "coaching_lapses": mark("Not needed any more"),
}

COACHING_CLOCKS = {"telling": mark("The rider is told"), "coaching": mark("The coaching is done")}
