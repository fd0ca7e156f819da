"""The human queue: tickets, their states, and what agents do with them."""
