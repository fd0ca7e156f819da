"""Pure functions over Chinese text: normalising, amounts, periods, card tails, masking."""
