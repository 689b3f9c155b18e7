"""The truth about a simulated day: which cause took how many seconds of each order, by replaying the day without it.

Definitions
-----------
*World.* The day with a subset of its disruptions. All worlds of a day share their random numbers (each belongs to a
named stream and to the order, rider or zone that needs it), so two worlds differ in what follows from the disruptions
alone.

*Time of an order.* Seconds from placing to delivery; to the cancellation where it was not delivered: click-to-end.

*Delay of an order.* Its time in the actual day less its time in the undisturbed world, from which every disruption is
taken. It may be negative: a disruption may be a blessing to some.

*Share of a disruption.* Its Shapley value in the game whose players are the day's disruptions and whose value of a
subset is the order's time in that world, in whole seconds by largest remainder. Hence shares add up to the delay to
the second, a lone disruption gets all of it, one that changes nothing gets nothing, and two that are interchangeable
differ by a second at most. The shift of the shown promise and the loss of the order (1 where it was not delivered) are
split alike, so lateness, time less promise, adds up too.

*Order that a world has not.* A surge brings orders that the undisturbed day knows nothing of. Such an order's time in
such a world is what it would have been had this one order been placed into it: its own being is nobody's delay, while
what the surge's other orders did to it is the surge's.

*Order that ends otherwise.* Delivered here, cancelled there: its time counts to its end in either world, and the
change of its end is in its lost share.

*Own chance.* Where it is asked for, the undisturbed time is split further: each order is replayed by itself in the
undisturbed day with the part of some parties as it usually is (the median of each draw, no failure), and Shapley
splits the difference over customer, merchant and rider (`own.py`). A party's chance may be good luck, below zero.
Declined offers, riders who stay away and services at the doors belong to no single order's party and stay ordinary.

*Chance in lucks.* What a party's own chance adds to an order in other lucks of the day: all that single other orders
drew is dealt anew (`luck.py`), and the same lucks meet every coalition. The order is placed in every one, whatever is
promised there. The mean over them is the party's part; of a loss, by how much it became likelier. What the one day's
luck added beyond is ordinary. This is what a party answers for; `docs/decisions/0023`.

*Ordinary.* The rest of an order's time: what it takes in the undisturbed world.

*Stages.* The order's time is cut into stages that follow one another (`stages.py`); a share's stages add up to the
share, and the stages of all shares with the ordinary rest add up to what the facts tell.

References
----------
Shapley (1953), A value for n-person games. Law (2015), Simulation modeling and analysis, 5th ed., 11.2: common random
numbers. Castro, Gómez, Tejada (2009), Polynomial calculation of the Shapley value based on sampling.
Heskes, Sijben, Bucur, Claassen (2020), Causal Shapley values: value of a coalition under intervention on its draws.
"""
