"""The words of judgements that are looked at a second time."""

from tiffin.runtime.i18n import mark

QUALITY_WORDS = {
    "inspection": mark("Second look"),
    "second_judgement": mark("Waits for a second judgement"),
    "compared": mark("Being compared"),
    "third_judgement": mark("Judged otherwise, waits for a third judgement"),
    "same_answer": mark("Judged alike"),
    "settled_by_third": mark("Settled by a third judgement"),
    "take_look": mark("Take in hand"),
    "take_third": mark("Take in hand"),
    "judge_again": mark("Judge"),
    "judge_third": mark("Judge"),
    "same_as_known": mark("Compared: judged alike"),
    "otherwise": mark("Compared: judged otherwise"),
}
