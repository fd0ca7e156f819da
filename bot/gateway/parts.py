"""What the routes are served from; built once for each app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from bot.complaints.counter import Counter
from bot.conversations.feedback import FeedbackBook
from bot.conversations.log import MessageLog
from bot.conversations.sealed import SealedInputs
from bot.conversations.typing import Typing
from bot.conversations.uploads import Uploads
from bot.errors import ConfigError
from bot.faq.suggest import LiveSuggester
from bot.gateway.assistant import Assistant
from bot.gateway.bank_desk import BankDesk
from bot.gateway.complaint_desk import ComplaintDesk
from bot.gateway.demo import DemoBank
from bot.gateway.desk_parts import DeskParts
from bot.gateway.events import Bells, Streams, Watcher
from bot.gateway.hot import HotQuestions
from bot.gateway.inbox import Inbox
from bot.gateway.limits import RateLimit
from bot.gateway.metrics import Metrics
from bot.gateway.tokens import ConversationTokens, CustomerTokens
from bot.gateway.turns import LEASE_MARGIN, Turns
from bot.gateway.view import Views
from bot.handoff.customers import REVEALS_A_DAY, CustomerDirectory
from bot.handoff.leading import LeadDesk
from bot.handoff.opening import Elsewhere, open_desk
from bot.handoff.queue import TicketQueue
from bot.handoff.replies import Reply
from bot.handoff.routes import PLAIN, Routes
from bot.handoff.surveys import SurveyBook
from bot.handoff.sweep import sweep_of
from bot.staff.door import Door, Rules
from bot.storage import Database
from bot.text.clock import Clock
from bot.text.signals import Signals

# A page says every three seconds that somebody writes.
PULSES_PER_MINUTE = 40


@dataclass(frozen=True)
class GatewayConfig:
    """The values the gateway runs with; times in seconds, sizes in characters unless the
    name says otherwise.

    Attributes:
        secret: signs conversation tokens and seals one-time codes; the action server opens them
            with the same one.
        customer_key: HS256 secret or PEM public key of the bank's app.
        faq_publications: folder of FAQ publications, for suggestions; it may still be empty.
        faq_dir, faq_encoder: the FAQ bank's files and its encoder, for staff; either may still be
            missing or broken.
        hot_questions: entry ids that fill up the opening questions while the log is young.
        staff_failures: wrong passwords that lock a name for ``staff_lockout``.
        complaint_codes: the bank's table of codes, for staff; it may still be missing or wrong.
        signals_file: words of danger, looked for where Rasa is not asked.
        routes: who serves what.
        replies: what agents say again and again.
        reveals_a_day: how many customers' values an agent may see in plain.
        elsewhere: the bank's own desk; ``None`` for the built-in one.
        alone: no other gateway process works on the same database.
    """

    secret: bytes
    customer_key: str
    customer_algorithm: str = "HS256"
    conversation_ttl: int = 86_400
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    assistant_timeout: float = 12.0
    allowed_origins: Sequence[str] = ()
    message_max_chars: int = 2_000
    messages_per_minute: int = 30
    conversations_per_minute: int = 20
    suggestions_per_minute: int = 300
    files_per_minute: int = 10
    file_max_bytes: int = 10_000_000
    faq_publications: Path = Path("var/faq")
    faq_dir: Path = Path("data/faq")
    faq_encoder: str = "var/encoder"
    hot_questions: Sequence[str] = ()
    sign_ins_per_minute: int = 20
    staff_failures: int = 5
    staff_lockout: int = 900
    staff_session_idle: int = 1_800
    staff_session_ttl: int = 43_200
    complaint_codes: Path = Path("data/complaints/codes-example.csv")
    signals_file: Path = Path("data/signals.yml")
    routes: Routes = PLAIN
    replies: Sequence[Reply] = ()
    reveals_a_day: int = REVEALS_A_DAY
    elsewhere: Elsewhere | None = None
    alone: bool = True

    def __post_init__(self) -> None:
        for name in (
            "conversation_ttl",
            "assistant_timeout",
            "message_max_chars",
            "messages_per_minute",
            "conversations_per_minute",
            "suggestions_per_minute",
            "files_per_minute",
            "file_max_bytes",
            "sign_ins_per_minute",
            "staff_failures",
            "staff_lockout",
            "staff_session_idle",
            "staff_session_ttl",
            "reveals_a_day",
        ):
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name} is {getattr(self, name)}: must be above 0")
        if "*" in self.allowed_origins:
            raise ConfigError("allowed_origins holds '*': name the pages that embed the widget")


class Parts:
    """The gateway's parts, wired together over one database.

    Args:
        demo: the simulated bank behind the demo page; ``None`` turns demo mode off.
        directory: the bank's customers, for agents; ``None`` where there is none to be asked.
    """

    def __init__(
        self,
        config: GatewayConfig,
        db: Database,
        demo: DemoBank | None,
        clock: Clock,
        directory: CustomerDirectory | None = None,
    ) -> None:
        self.config = config
        self.db = db
        self.demo = demo
        self.clock = clock
        self.log = MessageLog(db, clock)
        self.feedback = FeedbackBook(db, clock)
        self.complaints = Counter(db, self.log, clock)
        self.queue = TicketQueue(db, clock, config.routes)
        self.desk = open_desk(db, self.queue, self.log, config.elsewhere)
        self.surveys = SurveyBook(self.queue)
        self.sweep = sweep_of(self.desk).run
        self.uploads = Uploads(db, config.secret, clock)
        sealed = SealedInputs(db, config.secret, clock)
        self.inbox = Inbox(db, self.log, sealed, self.uploads, config.secret)
        self.views = Views(self.log, self.queue, self.desk)
        self.metrics = Metrics(self.queue)
        self.bells = Bells()
        self.typing = Typing(db, clock)
        self.watcher = Watcher(self.log, self.views, self.typing, self.bells)
        self.streams = Streams(self.views, self.watcher, self.bells, self.metrics, clock)
        self.assistant = Assistant(config.rasa_url, config.assistant_timeout)
        self.turns = Turns(
            db,
            self.log,
            self.desk,
            self.assistant,
            self.metrics,
            Signals.load(config.signals_file),
            self.bells.ring,
            lease=timedelta(seconds=config.assistant_timeout) + LEASE_MARGIN,
            alone=config.alone,
        )
        ttl = timedelta(seconds=config.conversation_ttl)
        self.tokens = ConversationTokens(config.secret, ttl, clock)
        self.customers = CustomerTokens(config.customer_key, config.customer_algorithm, clock)
        if demo is not None:
            # Found out at the start rather than when the page is opened.
            self.customers.sign("demo", ttl)
        self.message_rate = RateLimit(config.messages_per_minute)
        self.opening_rate = RateLimit(config.conversations_per_minute)
        self.file_rate = RateLimit(config.files_per_minute)
        self.typing_rate = RateLimit(config.suggestions_per_minute)
        self.pulse_rate = RateLimit(PULSES_PER_MINUTE)
        self.live_faq = LiveSuggester(config.faq_publications)
        self.hot = HotQuestions(db, self.live_faq, config.hot_questions, clock)
        # Looking at a password takes 32 MiB and a good part of a second.
        self.sign_in_threads = CapacityLimiter(2)
        self.sign_in_rate = RateLimit(config.sign_ins_per_minute)
        rules = Rules(
            idle=timedelta(seconds=config.staff_session_idle),
            life=timedelta(seconds=config.staff_session_ttl),
            failures=config.staff_failures,
            lockout=timedelta(seconds=config.staff_lockout),
        )
        self.staff = Door(db, config.secret, rules, demo=demo is not None, clock=clock)
        self.bank = BankDesk(config.faq_dir, config.faq_publications, config.faq_encoder, db, clock)
        self.casework = ComplaintDesk(
            db, self.log, config.complaint_codes, clock, demo=demo is not None
        )
        self.agents: DeskParts | None = None
        if isinstance(self.desk, LeadDesk):
            self.agents = DeskParts(
                db, self.desk, self.log, self.typing, directory, self.metrics,
                replies=config.replies, reveals_a_day=config.reveals_a_day, clock=clock,
            )  # fmt: skip


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    found: Parts = request.app.state.parts
    return found


PartsOf = Annotated[Parts, Depends(parts_of)]
