"""Schedules, occurrences and running clocks: what acts by itself, above the records. Calendars and jobs lie below, in
``scheduling``; what a clock is and when it is due is part of a record's declaration, in ``records.clocks``."""
