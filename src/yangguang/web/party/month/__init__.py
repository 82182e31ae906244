"""本月: what is due, missing and overdue in a unit, what waits for whoever asks, and their own study and dues."""
