"""Logs of every process in one form: JSON lines with time, level and place, and never what a participant wrote.

Libraries that would log addresses or bodies are kept to warnings.
"""

import logging
import sys

import structlog

LOUD = ("httpx", "httpcore", "telegram", "uvicorn.access", "sanic", "asyncio", "rasa_sdk")


def quiet_logs(process: str, level: int = logging.INFO) -> None:
    """Send this process's logs to standard error, one JSON object a line."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("said"),
                lambda _, __, event: {"process": process, **event},
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
