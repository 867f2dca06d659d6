"""What inspections report: declared figures of tasks and findings, and pages of what lies in their results."""
