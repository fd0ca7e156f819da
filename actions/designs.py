"""Every operation by the value of the slot ``operation``."""

from __future__ import annotations

from actions.card_loss import CardLoss
from actions.operations import OperationDesign
from actions.unfreeze import Unlock

DESIGNS: dict[str, OperationDesign] = {design.name: design for design in (CardLoss(), Unlock())}
