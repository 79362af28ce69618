"""E-mail: plain text by SMTP, the same neutral words always. STARTTLS where the server offers it.

The Message-ID comes from the letter's key, so the same message sent twice (after a crash) is one message to a mail
program that looks. Connections are kept for the next letter and thrown away at the first doubt.
"""

import asyncio
import hashlib
import logging
import smtplib
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from handrail.delivery import words
from handrail.delivery.letters import Letter, Outcome, Result
from handrail.delivery.models import Channel
from handrail.kernel import clock

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
LETTERS_A_CONNECTION = 50
IDLE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Read from `smtp://user:password@host:587` or `smtps://...`."""

    host: str
    port: int
    tls_from_start: bool
    user: str
    password: str

    @classmethod
    def read(cls, url: str) -> "MailServer":
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("HANDRAIL_MAIL_URL starts with smtp:// or smtps:// and names a host")
        port = parts.port or (465 if tls else 587)
        return cls(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


class Line:
    """One SMTP connection and how much it has been used."""

    def __init__(self, server: MailServer, our_name: str, seconds: float) -> None:
        # We say who we are: left to itself, smtplib asks a name server about this machine at every connection.
        context = ssl.create_default_context()
        if server.tls_from_start:
            self.smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, our_name, timeout=CONNECT_SECONDS, context=context
            )
        else:
            self.smtp = smtplib.SMTP(server.host, server.port, our_name, timeout=CONNECT_SECONDS)
            self.smtp.ehlo_or_helo_if_needed()
            if self.smtp.has_extn("starttls"):
                self.smtp.starttls(context=context)
        if server.user:
            self.smtp.login(server.user, server.password)
        if self.smtp.sock is not None:
            self.smtp.sock.settimeout(seconds)
        self.letters = 0
        self.used_at = clock.monotonic()

    def is_good(self) -> bool:
        if self.letters >= LETTERS_A_CONNECTION or clock.monotonic() - self.used_at > IDLE_SECONDS:
            return False
        try:
            return self.smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        try:
            self.smtp.quit()
        except (smtplib.SMTPException, OSError):
            self.smtp.close()


class EmailChannel:
    name = Channel.EMAIL.value

    def __init__(self, server: MailServer, sender: str, *, connections: int = 16, seconds: float = 15.0) -> None:
        self.connections = connections
        self.seconds = CONNECT_SECONDS + seconds
        self._server = server
        self._sender = sender
        self._step_seconds = seconds / 3  # MAIL, RCPT, DATA: each may take a third
        self._idle: list[Line] = []
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max_workers=connections, thread_name_prefix="handrail-mail")

    async def open(self) -> None:
        """Connections are made when the first letters come."""

    async def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        for line in self._idle:
            line.close()
        self._idle.clear()

    async def send(self, letter: Letter) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, letter)

    def _send(self, letter: Letter) -> Result:
        try:
            message = self._written(letter)
        except (ValueError, IndexError, TypeError):
            return Result(Outcome.NEVER, "no address")
        try:
            line = self._line()
        except smtplib.SMTPAuthenticationError as why:
            return Result(Outcome.LATER, f"smtp login {why.smtp_code}")
        except (smtplib.SMTPException, OSError) as why:
            return Result(Outcome.LATER, f"smtp connect {type(why).__name__}")
        return self._give(line, message)

    def _give(self, line: Line, message: EmailMessage) -> Result:
        try:
            line.smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as why:
            code = next(iter(why.recipients.values()))[0]
            self._put_back(line)
            # 5xx for the recipient: there is no such address. Anything else may pass.
            return Result(Outcome.NEVER if 500 <= code < 600 else Outcome.LATER, f"smtp {code}")
        except smtplib.SMTPResponseException as why:
            line.close()
            return Result(Outcome.LATER, f"smtp {why.smtp_code}")
        except (smtplib.SMTPException, OSError) as why:
            line.smtp.close()
            return Result(Outcome.LATER, f"smtp {type(why).__name__}")
        self._put_back(line)
        return Result(Outcome.HANDED, "smtp 250")

    def _written(self, letter: Letter) -> EmailMessage:
        """Raises ValueError, IndexError or TypeError for an address that is none."""
        local, _, domain = str(letter.address or "").rpartition("@")
        if not local:
            raise ValueError("no address")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(username=local, domain=domain)
        message["Subject"] = words.subject()
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = message_id(letter.idem, self._sender)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words.code_body(letter.code) if letter.code else words.body(letter.link))
        return message

    def _line(self) -> Line:
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return Line(self._server, domain_of(self._sender), self._step_seconds)
            if line.is_good():
                return line
            line.close()

    def _put_back(self, line: Line) -> None:
        line.letters += 1
        line.used_at = clock.monotonic()
        with self._lock:
            self._idle.append(line)


def message_id(idem: str, sender: str) -> str:
    """The same for the same letter, and nothing of its matter can be read from it."""
    return f"<{hashlib.sha256(idem.encode()).hexdigest()[:40]}@{domain_of(sender)}>"


def domain_of(sender: str) -> str:
    return sender.rpartition("@")[2].strip("<> ") or "localhost"
