"""Reports 报表: what modules declare, drawn for one person: sentence, figures, charts, table, export, start page."""
