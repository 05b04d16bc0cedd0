"""Letters that somebody waits for at the page, sent beside the request and never in it.

A code lives ten minutes, so that it cannot wait for cron; and an answer that came later for an address that
exists would tell that it does (S23). How many letters are on their way at once is bounded.
"""

import logging
import threading

from elearn.errors import Refused
from elearn.messages import sending
from elearn.messages.sending import Letter, NotSent, Server

log = logging.getLogger(__name__)

MOST_ON_THEIR_WAY = 8
FULL = "Just nu ber många om en kod. Vänta en minut och försök sedan igen."


class Post:
    """One per process."""

    def __init__(self, server: Server, sender: str, most: int = MOST_ON_THEIR_WAY) -> None:
        self._server, self._sender = server, sender
        self._places = threading.BoundedSemaphore(most)

    def take_place(self) -> None:
        """A place for a letter, taken before it is known whether there is one to send. Raises ``Refused``
        when none is free: then everybody is told the same."""
        if not self._places.acquire(blocking=False):
            raise Refused(FULL)

    def send_soon(self, letter: Letter | None) -> threading.Thread | None:
        """Use the place that was taken: send the letter in a thread of its own. None: give it back."""
        if letter is None:
            self._places.release()
            return None
        worker = threading.Thread(target=self._send, args=(letter,), daemon=True)
        worker.start()
        return worker

    def _send(self, letter: Letter) -> None:
        try:
            sending.send(self._server, self._sender, letter)
        except NotSent as fault:
            log.warning("a letter was not sent: %s", fault)
        finally:
            self._places.release()
