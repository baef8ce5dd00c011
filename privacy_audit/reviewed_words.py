"""No process shows wrong words: neither the launcher nor a web server that was started without it."""

from __future__ import annotations

from privacy_audit.environment import ConfigurationError


def refuse_broken_words() -> None:
    """A check with wrong words must not reach anybody: ConfigurationError names file, line and reason of the first."""
    from audits.checks.problems import problems  # Django is set up only when this is called

    found = problems()
    if found:
        raise ConfigurationError(f"The catalogue is not as it must be ({len(found)} in all): {found[0]}")
