"""The Celery runner: flushes on any number of machines, woken through RabbitMQ or Redis.

The delivery rows stay the truth. A message says one thing, «look at this channel now», and carries
no work: a lost, late, doubled or reordered one costs a sweep interval or an idle look.

Each channel has a queue of its own, so an operator decides which machine serves which channel by
the queues that its worker listens to. A queue never holds more than a message or two, with or
without a worker: who wants to send one looks first, and where one is waiting it serves as well,
because whoever takes it looks at the rows afterwards. So messages need no expiry, and with it no
agreement of clocks: a machine whose clock is off would throw every wake-up away.

`beat` is ours and not Celery's, which waits by the wall clock: set back by an hour, it would sweep
nothing for that hour.
"""

from publisher.runners.celery.beat import Beat
from publisher.runners.celery.broker import Broker
from publisher.runners.celery.worker import CeleryRunner

__all__ = ["Beat", "Broker", "CeleryRunner"]
