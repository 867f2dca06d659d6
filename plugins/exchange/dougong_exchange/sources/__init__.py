"""Files as people have them: what kind they are, their rows as text, where the heading is. Knows no records."""
