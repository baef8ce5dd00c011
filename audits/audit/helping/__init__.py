"""A Helper looks along: the spoken code, what is open, pointing, the log, and how it ends. The Person decides."""
