"""Customer-service assistant for a Chinese bank."""
