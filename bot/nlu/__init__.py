"""Rasa's side of the house: graph components, channel and responder. Nothing else imports rasa."""
