"""What findings say, a table a subject: for each cause what happened and what to do next, the fullest sentence first.

`{fact}` is filled from the facts of the finding. Whoever reads them may never have heard of a keyed hash: a secret
is like a password that both sides know, a signature is what the sender computes from it and from the delivery.
"""

from collections.abc import Mapping

type Variants = tuple[str, ...]

type Table = Mapping[str, tuple[Variants, Variants]]
"""What happened, and what to do, by cause."""
