"""Take it away: the plan on paper, the whole as data, a locked file of it, and the way back.

`sheet` and `paper` make the plan to print; `content` all that is kept as data; `lock` the encrypted file; `shape` and
`reading` read one strictly; `bringing` puts back what it holds.
"""
