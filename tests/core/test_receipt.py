"""What the visitor is told about a handoff."""

from __future__ import annotations

import pytest

from admissions.core.delivery import DeliveryState
from admissions.core.receipt import response_name


@pytest.mark.parametrize("state", list(DeliveryState))
def test_every_state_has_its_own_response(state: DeliveryState) -> None:
    assert response_name(state) == f"utter_receipt_{state.value}"
