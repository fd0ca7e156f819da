"""Complaints: each is a case with lawful deadlines, an answer in four parts and a review."""
