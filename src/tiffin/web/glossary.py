"""The words of the platform, one meaning each, as the help page tells them."""

from dataclasses import dataclass

from tiffin.runtime.i18n import mark


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its meaning; both are messages to translate."""

    name: str
    meaning: str


WORDS: tuple[Word, ...] = (
    Word(mark("Baseline"), mark("What would be usual: the robust middle of the comparable days.")),
    Word(
        mark("Bridge"),
        mark(
            "How a published number became the present one: restated data, changed definition, hierarchy, currency, "
            "and nothing left over."
        ),
    ),
    Word(
        mark("Business day"),
        mark("A city's day from its cut-off to the next one's; an order placed at 02:00 belongs to yesterday."),
    ),
    Word(mark("Case"), mark("Something that waits for a person, with a state, a clock and evidence.")),
    Word(mark("Cause"), mark("One of the named reasons over which a miss is split.")),
    Word(
        mark("Certificate"),
        mark("What a certified metric has while it keeps its targets; it falls and comes back by itself."),
    ),
    Word(mark("Click to door"), mark("Minutes from placing an order to its delivery.")),
    Word(mark("Contract"), mark("The published declaration of a fact table: columns, units, rules.")),
    Word(mark("Coverage"), mark("Share of the people who asked that could be served.")),
    Word(
        mark("Day-book"),
        mark("What happened in a city on a business day, where supply missed demand and why, and what to do."),
    ),
    Word(mark("Feed"), mark("A file that maps somebody's files onto fact tables.")),
    Word(mark("Lateness"), mark("Minutes after the promised time, never negative.")),
    Word(mark("Load"), mark("Outstanding orders for each rider on shift.")),
    Word(
        mark("Lost order"), mark("An order that nobody carried: cancelled by the platform because there was no rider.")
    ),
    Word(mark("Metric"), mark("One governed, dated, owned definition of a number.")),
    Word(mark("Miss"), mark("What demand lost in an episode: delay beyond the usual, late and lost orders.")),
    Word(
        mark("Promise"),
        mark("Of an order, the delivery time promised; of a number, that it is there in time, agrees and stays."),
    ),
    Word(mark("Published number"), mark("A value in the ledger, with all that is needed to compute it again.")),
    Word(
        mark("Quarantine"),
        mark("Where a row that breaks its contract waits, with the rule, the reason, file and line."),
    ),
    Word(mark("Receipt"), mark("What went into a number: version of its definition, versions of the data, filters.")),
    Word(
        mark("Roll-up"),
        mark("Sums made beforehand for one exact version of the facts, so that answers come quickly and are the same."),
    ),
    Word(
        mark("Settled day"),
        mark("A day whose values were kept as they stood, two mornings after it ended; what moves later is noticed."),
    ),
    Word(mark("Slot"), mark("A half hour of the city's own clock, unless another length is stated.")),
    Word(mark("Target"), mark("How good a certified metric promises to be: ready by an hour, agreeing, unmoved.")),
    Word(
        mark("Tree"),
        mark("A metric with the metrics that make it, level by level; a change of it is split over them exactly."),
    ),
    Word(
        mark("Version"),
        mark("A definition as it holds from a day on; earlier ones are kept, and can be asked as name@2."),
    ),
    Word(mark("Withheld"), mark("Not told, because the group is small or would give a small one away.")),
    Word(mark("Zone"), mark("A cell or a named polygon of a city.")),
)
