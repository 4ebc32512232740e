"""What many would write instead of us: a Celery task a delivery, acknowledged late, over Redis."""

import os

import requests
from celery import Celery

app = Celery("plain", broker=os.environ.get("PLAIN_BROKER", ""))
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, task_ignore_result=True)


def _post(url: str, text: str) -> None:
    answer = requests.post(url, json={"title": text, "message": text}, timeout=5)
    answer.raise_for_status()


post = app.task(
    _post, name="plain.post", autoretry_for=(requests.RequestException,), retry_backoff=True
)
