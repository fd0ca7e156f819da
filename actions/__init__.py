"""Everything that reaches a bank or a person on a customer's behalf; one module a line of business."""
