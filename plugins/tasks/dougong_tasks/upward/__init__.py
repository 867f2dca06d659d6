"""Reports upwards: drafted at the end of a period, frozen when submitted, read; and the copy for the client."""
