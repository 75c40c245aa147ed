"""Is this gradient right, and if not, which mistake does it look like?

gate         check_gate: one backward rule against differences
gradient     check_gradient: the gradient of a function
network      check_network: every parameter of a network, entry by entry or along one direction
differences  the derivative that all three trust
judge        the verdict: right, wrong, or more than differences can tell here
compare      yours and wanted: equal, or which known mistake?
mistakes     the table of known mistakes: name, advice, what it computes
raised       what an exception of somebody's code tells
rule_call    one call of a backward rule: what each mistake would have computed from what it was given
rounding     how far rounding may carry an answer that is right
asking       how to ask somebody's code without being hurt by it
report       findings, and the card that lists them
"""
