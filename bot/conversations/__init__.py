"""The message log: the truth about a conversation."""
