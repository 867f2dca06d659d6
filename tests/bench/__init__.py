"""The benchmark behind ``make bench``: the platform beside a floor of hand-written SQL, in one run on the same rows."""
