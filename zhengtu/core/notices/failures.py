"""Why an attempt failed, in words; no failure carries an address or what the other side wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhengtu.core.kernel.messages import N_

FAILURES: Final[Mapping[str, str]] = {
    "unreachable": N_("The server could not be reached."),
    "sign_in_refused": N_("The mail server refused this installation's account."),
    "mailbox_refused": N_("The mail server refused the mailbox."),
    "message_refused": N_("The mail server refused the message."),
    "not_now": N_("The mail server does not take the message now."),
    "cut_off": N_("The connection broke before the message was acknowledged."),
    "interrupted": N_("The sending process ended before it learnt what came of it."),
    "limited": N_("The messenger asks for fewer messages."),
    "server_failed": N_("The messenger's server failed."),
    "robot_gone": N_("The robot's address is not valid any more, or the robot was removed from the group."),
    "security_refused": N_("The robot's security setting (keyword, signature or address list) refused the message."),
    "content_refused": N_("The messenger refused the content."),
    "address_refused": N_("The address does not take messages."),
    "address_foreign": N_("This installation does not send to that address any more."),
    "address_unreadable": N_("The stored address cannot be read; enter it again."),
    "answer_unreadable": N_("The answer could not be understood."),
    "refused": N_("The messenger refused the message."),
}
"""Id of a failure -> what is said of it."""
