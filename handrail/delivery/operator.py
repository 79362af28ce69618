"""A mail to whoever runs this install. Best effort, beside the log and `/healthz`: nothing waits for it."""

import logging
import smtplib
import threading
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings

from handrail.delivery.channels.email import Line, MailServer, domain_of
from handrail.kernel import clock

SECONDS = 5.0

log = logging.getLogger(__name__)


def tell(subject: str, text: str) -> threading.Thread | None:
    """Send it on a thread of its own, after any transaction: whoever runs what is due has calls for help to see to.

    None where no address or no mail server is set.
    """
    here = settings.HANDRAIL
    if not (here.operator_email and here.mail_url and here.mail_from):
        return None
    thread = threading.Thread(target=_send, args=(_written(subject, text),), name="handrail-operator", daemon=True)
    thread.start()
    return thread


def _written(subject: str, text: str) -> EmailMessage:
    here, message = settings.HANDRAIL, EmailMessage()
    message["From"], message["To"] = here.mail_from, here.operator_email
    message["Subject"] = f"{here.name}: {subject}"
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _send(message: EmailMessage) -> None:
    here = settings.HANDRAIL
    try:
        line = Line(MailServer.read(here.mail_url), domain_of(here.mail_from), SECONDS)
        line.smtp.send_message(message)
        line.close()
    except (smtplib.SMTPException, OSError, ValueError):
        log.exception("operator.untold")
