"""Two modules unlike complaints, written in the declaration to find out whether it carries them (decision 0001)."""
