"""The FAQ bank and its retrieval; usable without Rasa."""
