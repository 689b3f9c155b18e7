"""Read-outs where nobody drew lots: each shows the assumption it rests on, and is put to placebo tests.

========================= ==================================================== ========================================
module                    the question it answers                              what it assumes
========================= ==================================================== ========================================
`differences`             did the treated change more than the others?         both would have moved in parallel
`staggered`               the same, where units started at different times     each start against units not yet started
`synthetic_control`       what would the one treated place have been?          a mixture of others that matched before
`synthetic_did`           the same, and levels may differ                      parallel to a matched mixture
`geo`                     what did a campaign in some cities bring?            as above, gaps exchangeable over time
`weighting`               what did it do to those who had it, of one sample?   all that mattered for having it is known
`arms`, `uplift`, `qini`  who of several random arms, and of whom, gained?     the lots were really random
========================= ==================================================== ========================================

What would break each stands in its module under Notes. `panels` reads rows into a panel and tells what is wrong with
them; `placebos` is what a test says that should find nothing; `CAUTIONS` in `cautions` lists all that is warned of.
A passed placebo never proves an assumption: it says only that this way of failing was not seen.
"""
