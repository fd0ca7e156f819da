"""Every error the project raises on purpose.

::

    BankbotError
    ├── ConfigError          a setting is missing or unusable
    ├── DataError            a file a person wrote is wrong: names file, line, entry, mend
    ├── NotFound             the thing named does not exist (or is not yours to see)
    ├── Conflict             the thing exists, but not in a state that allows this
    ├── Forbidden            you may not do this
    ├── Invalid              a value handed in is out of bounds
    └── Unavailable          a part we depend on does not answer; trying later may work

Domains derive their own errors from these, so that an entry point can turn any of them
into one clear line (CLI) or one status code (gateway) without knowing the domain.
"""

from __future__ import annotations


class BankbotError(Exception):
    """Base of all; ``str(error)`` is one line fit to be shown to whoever caused it."""


class ConfigError(BankbotError):
    """A setting is missing or unusable; the message names the setting and the mend."""


class DataError(BankbotError):
    """A data file is wrong; the message reads ``file:line: item: what: mend``."""


class NotFound(BankbotError):
    """The thing named does not exist, or the caller may not know that it does."""


class Conflict(BankbotError):
    """The thing is in a state that does not allow what was asked."""


class Forbidden(BankbotError):
    """The caller is known and may not do this."""


class Invalid(BankbotError):
    """A value handed in is out of bounds; the message names value and bound."""


class Unavailable(BankbotError):
    """A part we depend on does not answer."""
