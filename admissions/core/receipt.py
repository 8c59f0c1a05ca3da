"""What the visitor is told about a handoff: a function of its delivery state and nothing else."""

from __future__ import annotations

from admissions.core.delivery import DeliveryState


def response_name(state: DeliveryState) -> str:
    """Return the name of the response that tells the visitor where the handoff stands.

    No default branch: mypy refuses a new state that has no words yet.
    """
    match state:
        case DeliveryState.HELD:
            return "utter_receipt_held"
        case DeliveryState.SAVED:
            return "utter_receipt_saved"
        case DeliveryState.SENDING:
            return "utter_receipt_sending"
        case DeliveryState.DELIVERED:
            return "utter_receipt_delivered"
        case DeliveryState.DELAYED:
            return "utter_receipt_delayed"
        case DeliveryState.FAILED:
            return "utter_receipt_failed"
