"""Who works here: accounts with roles, signing in and out, and the record of it."""
