"""The public door: conversations over HTTP, their events, and the way to the assistant."""
