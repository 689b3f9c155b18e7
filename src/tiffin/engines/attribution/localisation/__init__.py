"""Localisation: which combination of dimensions carries a change of a figure, in the shortest true words.

Every leaf (one value of each dimension) is judged by how much likelier its number is if the leaf is affected than if it
is not. A combination is as good as its leaves together: each affected leaf that it covers speaks for it, each
unaffected one against it. `search` finds the combinations that together explain the most.
"""
