"""The network of actors and activities: who is tied to whom, through what, and how closely."""
