"""An order's time by stage: how long each usually takes, what was lost where, and to whom it counts.

Definitions
-----------
*Fair time* of a stage: its median under the order's conditions, learned from earlier days alone. *Blame time*: an upper
quantile of the same; a stage that took no longer blames nobody.

*Part.* Seconds that a party put on a step of the order's path beyond what is fair; below zero where it made up for
time.

*Credit* of a party: its Shapley value in the game whose value of a subset is the length of the order's path with the
parts of that subset only. Preparation and the rider's coming overlap, so the path is not a sum: who came while the
other was not there either lost nothing by it. Credits add up to the path's length less its fair length.

*Share.* Credits above zero, in proportion. A credit below zero is no blame, and it takes no blame from anybody else.

References
----------
Shapley (1953), A value for n-person games. Kelley (1961), Critical-path planning and scheduling, Operations Research 9.
"""
