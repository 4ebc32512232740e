"""Webhooks: other systems are told of every change of a delivery, at least once and in order."""

from publisher.webhooks.desk import WebhookProblem, Webhooks

__all__ = ["WebhookProblem", "Webhooks"]
