"""Where the gateway's log lines go: requests as JSON to stdout, everything else to stderr."""

from __future__ import annotations

from typing import Any

REQUESTS = "bot.gateway.requests"

# For `logging.config.dictConfig`, in the form that uvicorn takes.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "bare": {"format": "%(message)s"},
        "full": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "requests": {
            "class": "logging.StreamHandler",
            "formatter": "bare",
            "stream": "ext://sys.stdout",
        },
        "rest": {
            "class": "logging.StreamHandler",
            "formatter": "full",
            "stream": "ext://sys.stderr",
        },
    },
    "loggers": {
        REQUESTS: {"level": "INFO", "handlers": ["requests"], "propagate": False},
        "bot": {"level": "INFO", "handlers": ["rest"], "propagate": False},
        "uvicorn": {"level": "WARNING", "handlers": ["rest"], "propagate": False},
    },
}
