"""One e-mail by the mail server of the settings."""

from __future__ import annotations

from contextlib import suppress
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from zhengtu.core.notices.messages import OutgoingMessage, plain_text, simple_html
from zhengtu.core.notices.robots import Answer, Outcome


def send_email(message: OutgoingMessage, *, to: str, message_id: str, language: str) -> Answer:
    """Send the message once.

    Returns:
        What came of it. Before the server greeted us nothing was sent; a connection that breaks later is uncertain,
        for the server may have taken the message without saying so.
    """
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        connection.open()
    except SMTPAuthenticationError as error:
        return Answer(Outcome.LATER, "sign_in_refused", str(error.smtp_code))
    except (SMTPException, OSError):
        return Answer(Outcome.LATER, "unreachable")
    try:
        connection.send_messages([_mail(message, to, message_id, language)])
    except SMTPRecipientsRefused as error:
        return _refused(min((code for code, _ in error.recipients.values()), default=550), "mailbox_refused")
    except SMTPResponseException as error:
        return _refused(error.smtp_code, "message_refused")
    except (SMTPNotSupportedError, UnicodeError):
        return Answer(Outcome.REFUSED, "mailbox_refused")
    except (SMTPException, OSError):
        return Answer(Outcome.UNCERTAIN, "cut_off")
    finally:
        with suppress(SMTPException, OSError):
            connection.close()
    return Answer(Outcome.SENT)


def _refused(code: int, error: str) -> Answer:
    """Four hundred and up is for now, five hundred and up for good."""
    if code >= 500:
        return Answer(Outcome.REFUSED, error, str(code))
    return Answer(Outcome.LATER, "not_now", str(code))


def _mail(message: OutgoingMessage, to: str, message_id: str, language: str) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    mail = EmailMultiAlternatives(
        subject=message.heading, body=plain_text(message), to=[to],
        # The same at each attempt, so that a copy which came twice is known as one by mailboxes.
        headers={"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(simple_html(message, language=language), "text/html")
    return mail
